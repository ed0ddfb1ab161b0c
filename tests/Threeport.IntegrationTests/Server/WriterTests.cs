using System.Text.Json.Nodes;
using Threeport.Api;
using Threeport.Server.Resources;

namespace Threeport.IntegrationTests.Server;

public sealed class WriterTests
{
    private ApiLayer _layer = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _layer = await ApiLayer.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _layer.DisposeAsync();

    [Test]
    public async Task What_is_created_can_be_read()
    {
        var created = await _layer.SampleAsync("read", new { size = 3, secret = "hush" });
        var found = (Sample)(await _layer.Api.FindAsync(ApiLayer.Admin, _layer.Kind("samples"), "read", default))!;
        Assert.That(created.Action, Is.EqualTo(WriteAction.Created));
        Assert.That(found.Spec, Is.EqualTo(new SampleSpec { Size = 3, Secret = "hush" }));
        Assert.That((found.Generation, found.Revision, found.ObservedGeneration), Is.EqualTo((1, 1, 0)));
        Assert.That(found.Id, Is.EqualTo(created.Resource.Id));
    }

    [Test]
    public async Task A_secret_is_not_in_the_database_in_clear()
    {
        await _layer.SampleAsync("secret", new { secret = "canary-7261" });
        await _layer.WriteAsync(WriteVerb.Put, "samples", "secret", new { secret = "canary-7262" });
        var documents = await _layer.ScalarAsync<string>(
            "select string_agg(data::text, '') from threeport.mt_doc_samples"
        );
        var history = await _layer.ScalarAsync<string>(
            "select string_agg(data::text, '') from threeport.mt_doc_history"
        );
        Assert.That(documents + history, Does.Not.Contain("canary-726"));
        Assert.That(history, Does.Contain("\"pointer\": \"/spec/secret\""));
    }

    [Test]
    public async Task A_redacted_secret_that_comes_back_keeps_what_is_stored()
    {
        await _layer.SampleAsync("kept", new { secret = "hush" });
        await _layer.WriteAsync(WriteVerb.Put, "samples", "kept", new { size = 9, secret = "***" });
        var found = (Sample)(await _layer.Api.FindAsync(ApiLayer.Admin, _layer.Kind("samples"), "kept", default))!;
        Assert.That(found.Spec, Is.EqualTo(new SampleSpec { Size = 9, Secret = "hush" }));
    }

    [Test]
    public async Task Two_replicas_that_race_lose_nothing_and_double_nothing()
    {
        var connection = _layer.Database.Pool.ConnectionString;
        await using var other = await ApiLayer.StartAsync(
            connection: _layer.Get<Microsoft.Extensions.Configuration.IConfiguration>()["ConnectionStrings:threeport"]
        );
        var outcomes = await RaceAsync(200, i => (i % 2 == 0 ? _layer : other).SampleAsync($"two-{i / 2}"));
        Assert.That(outcomes.Count(static s => s == 200), Is.EqualTo(100), connection);
        Assert.That(outcomes.Count(static s => s == 409), Is.EqualTo(100));
    }

    [Test]
    public async Task A_write_that_changes_nothing_stores_nothing()
    {
        await _layer.SampleAsync("same", new { size = 4 });
        var again = await _layer.WriteAsync(WriteVerb.Put, "samples", "same", new { size = 4 });
        Assert.That((again.Action, again.Resource.Revision), Is.EqualTo((WriteAction.Unchanged, 1L)));
    }

    [Test]
    public async Task A_patch_merges_and_raises_the_generation()
    {
        await _layer.SampleAsync("patch", new { size = 4, secret = "s" });
        var patched = await _layer.WriteAsync(WriteVerb.Patch, "samples", "patch", new { size = 5 });
        Assert.That(((Sample)patched.Resource).Spec, Is.EqualTo(new SampleSpec { Size = 5, Secret = "s" }));
        Assert.That(patched.Resource.Generation, Is.EqualTo(2));
    }

    [Test]
    public async Task A_dry_run_stores_nothing()
    {
        var result = await _layer.WriteAsync(WriteVerb.Put, "samples", "dry", new { size = 1 }, dryRun: true);
        Assert.That(result.Action, Is.EqualTo(WriteAction.Created));
        Assert.That(await _layer.Api.FindAsync(ApiLayer.Admin, _layer.Kind("samples"), "dry", default), Is.Null);
    }

    [Test]
    public async Task Of_many_all_are_stored_or_none()
    {
        await _layer.SampleAsync("taken");
        WriteRequest[] requests =
        [
            Request("samples", "many-1", new() { ["plain"] = "many-plain" }),
            Request("plain-samples", "many-plain", []),
        ];
        var stored = await _layer.Api.WriteAsync(ApiLayer.Admin, requests, false, default, many: true);
        Assert.That(stored.Select(static r => r.Resource.Name), Is.EqualTo(["many-1", "many-plain"]));

        WriteRequest[] spoilt =
        [
            Request("samples", "many-2", []),
            Request("samples", "taken", []) with
            {
                Verb = WriteVerb.Create,
            },
        ];
        var problem = (
            await Assert.ThrowsAsync<ProblemException>(() =>
                _layer.Api.WriteAsync(ApiLayer.Admin, spoilt, false, default, many: true)
            )
        )!;
        Assert.That(problem.Problem.Status, Is.EqualTo(409));
        Assert.That(await _layer.Api.FindAsync(ApiLayer.Admin, _layer.Kind("samples"), "many-2", default), Is.Null);
    }

    [Test]
    public async Task What_is_referred_to_must_exist_and_cannot_be_deleted()
    {
        await _layer.WriteAsync(WriteVerb.Create, "plain-samples", "target", new { });
        await _layer.SampleAsync("referrer", new { plain = "target" });
        var missing = (
            await Assert.ThrowsAsync<ProblemException>(() => _layer.SampleAsync("lost", new { plain = "targe" }))
        )!;
        Assert.That(missing.Problem.Errors![0].Pointer, Is.EqualTo("/spec/plain"));
        Assert.That(missing.Problem.Errors[0].Detail, Does.Contain("Did you mean \"target\"?"));
        var used = (
            await Assert.ThrowsAsync<ProblemException>(() =>
                _layer.WriteAsync(WriteVerb.Delete, "plain-samples", "target")
            )
        )!;
        Assert.That(used.Problem.Blockers, Is.EqualTo(["sample/referrer"]));
    }

    [Test]
    public async Task A_patch_of_what_is_being_deleted_does_not_call_the_deletion_off()
    {
        await _layer.SampleAsync("going");
        await _layer.WriteAsync(WriteVerb.Delete, "samples", "going");
        var patched = await _layer.WriteAsync(WriteVerb.Patch, "samples", "going", new { size = 2 });
        Assert.That(patched.Resource.DeletionRequestedAt, Is.Not.Null);
        Assert.That(
            await _layer.ScalarAsync<bool>("select deleting from threeport.reconcile_state where name = 'going'"),
            Is.True
        );
    }

    [Test]
    public async Task What_is_deleted_and_made_anew_in_one_batch_is_new()
    {
        for (var round = 0; round < 20; round++)
        {
            var name = $"anew-{round}";
            await _layer.WriteAsync(WriteVerb.Create, "plain-samples", name, new { text = "old" });
            // The first is under way while the others queue up behind it, and so share a batch.
            var first = _layer.WriteAsync(WriteVerb.Create, "plain-samples", $"before-{round}", new { });
            var delete = _layer.WriteAsync(WriteVerb.Delete, "plain-samples", name);
            var create = _layer.WriteAsync(WriteVerb.Create, "plain-samples", name, new { text = "new" });
            await Task.WhenAll(first, delete, create);
            var found = (PlainSample)
                (await _layer.Api.FindAsync(ApiLayer.Admin, _layer.Kind("plain-samples"), name, default))!;
            Assert.That((found.Id, found.Spec.Text), Is.EqualTo(((await create).Resource.Id, "new")), $"round {round}");
        }
    }

    [Test]
    public async Task A_reference_and_the_deletion_of_what_it_names_never_both_succeed()
    {
        for (var round = 0; round < 20; round++)
        {
            await _layer.WriteAsync(WriteVerb.Create, "plain-samples", $"gone-{round}", new { });
            var outcomes = await Task.WhenAll(
                StatusAsync(() => _layer.SampleAsync($"ref-{round}", new { plain = $"gone-{round}" })),
                StatusAsync(() => _layer.WriteAsync(WriteVerb.Delete, "plain-samples", $"gone-{round}"))
            );
            Assert.That(
                outcomes.Count(static s => s == 200),
                Is.EqualTo(1),
                $"round {round}: {outcomes[0]} {outcomes[1]}"
            );
        }
    }

    [Test]
    public async Task Of_a_flag_that_one_may_have_the_second_is_refused()
    {
        await _layer.SampleAsync("only-1", new { only = true });
        var second = (
            await Assert.ThrowsAsync<ProblemException>(() => _layer.SampleAsync("only-2", new { only = true }))
        )!;
        Assert.That(second.Problem.Detail, Does.Contain("sample/only-1"));
        await _layer.WriteAsync(WriteVerb.Put, "samples", "only-1", new { only = false });
        Assert.That((await _layer.SampleAsync("only-3", new { only = true })).Action, Is.EqualTo(WriteAction.Created));
        await _layer.WriteAsync(WriteVerb.Put, "samples", "only-3", new { only = false });
    }

    [Test]
    public async Task An_immutable_field_stays()
    {
        await _layer.SampleAsync("fixed", new { @fixed = "a" });
        var problem = (
            await Assert.ThrowsAsync<ProblemException>(() =>
                _layer.WriteAsync(WriteVerb.Put, "samples", "fixed", new { @fixed = "b" })
            )
        )!;
        Assert.That(problem.Problem.Errors![0].Pointer, Is.EqualTo("/spec/fixed"));
    }

    [Test]
    public async Task History_is_in_the_order_of_revisions_however_fast_they_came()
    {
        for (var i = 1; i <= 20; i++)
        {
            await _layer.WriteAsync(WriteVerb.Put, "samples", "fast", new { size = i });
        }

        var rows = await _layer.Api.HistoryAsync(ApiLayer.Admin, _layer.Kind("samples"), "fast", default);
        Assert.That(rows.Select(static r => r.Revision), Is.EqualTo(Enumerable.Range(1, 20).Reverse()));
    }

    [Test]
    public async Task History_says_who_changed_what()
    {
        await _layer.SampleAsync("past", new { size = 1 });
        await _layer.WriteAsync(WriteVerb.Put, "samples", "past", new { size = 2 });
        var rows = await _layer.Api.HistoryAsync(ApiLayer.Admin, _layer.Kind("samples"), "past", default);
        Assert.That(
            rows.Select(static r => (r.Revision, r.Verb, r.Actor)),
            Is.EqualTo([(2L, "put", "tester"), (1L, "create", "tester")])
        );
        Assert.That(rows[0].Changes.Single().Pointer, Is.EqualTo("/spec/size"));
        Assert.That(((int?)rows[0].Changes.Single().Old, (int?)rows[0].Changes.Single().New), Is.EqualTo((1, 2)));
    }

    [TestCase("Upper")]
    [TestCase("-dash")]
    [TestCase("a.b")]
    [TestCase("../etc/passwd")]
    [TestCase("")]
    [TestCase("a\0b")]
    [TestCase("trailing\n")]
    public async Task A_name_is_a_DNS_label(string name)
    {
        var problem = (await Assert.ThrowsAsync<ProblemException>(() => _layer.SampleAsync(name)))!;
        Assert.That((problem.Problem.Status, problem.Problem.Errors![0].Pointer), Is.EqualTo((400, "/name")));
    }

    private WriteRequest Request(string plural, string name, JsonObject spec) =>
        new(_layer.Kind(plural), WriteVerb.Put, name, new JsonObject { ["spec"] = spec });

    private static Task<int[]> RaceAsync(int count, Func<int, Task> write) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => StatusAsync(() => write(i)))));

    private static async Task<int> StatusAsync(Func<Task> write)
    {
        try
        {
            await write();
            return 200;
        }
        catch (ProblemException e)
        {
            return e.Problem.Status;
        }
    }
}
