using Threeport.Api;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Runtime;
using Threeport.Server.Resources;

namespace Threeport.IntegrationTests.Server;

/// <summary>What the passes of controllers are promised, in process.</summary>
public sealed class PassTests
{
    private static int _names;
    private ApiLayer _layer = null!;
    private Broker _broker = null!;
    private IPasses _passes = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _layer = await ApiLayer.StartAsync();
        _broker = await Broker.ConnectAsync(await Servers.NatsAsync());
        _passes = _layer.Get<IPasses>();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _broker.DisposeAsync();
        await _layer.DisposeAsync();
    }

    [Test]
    public async Task A_lease_is_taken_once_and_who_asks_meanwhile_is_followed_by_a_new_pass()
    {
        var sample = await NewAsync();
        var begun = (await BeginAsync(sample.Id))!;
        Assert.That((begun.Epoch, begun.Failures, begun.Resource.Name), Is.EqualTo((1, 0, sample.Name)));
        Assert.That(await BeginAsync(sample.Id, "other"), Is.Null);
        Assert.That(_broker.Heard(sample.Id), Has.Count.EqualTo(1), "the holder is not done");

        await EndAsync(begun, Ready(begun.Resource));
        await _broker.HeardAsync(sample.Id, 2);
        Assert.That((await BeginAsync(sample.Id, "other"))!.Epoch, Is.EqualTo(2));
    }

    [Test]
    public async Task A_pass_that_asks_again_for_want_of_an_answer_is_given_the_same_lease()
    {
        var sample = await NewAsync();
        var owner = new Node("tester").OwnerOf(Guid.CreateVersion7());
        var unheard = (await BeginAsync(sample.Id, owner))!;
        var begun = (await BeginAsync(sample.Id, owner))!;
        Assert.That(begun.Epoch, Is.EqualTo(unheard.Epoch));
        Assert.That(await BeginAsync(sample.Id, "other"), Is.Null);
        await BeginAsync(sample.Id, owner);

        await EndAsync(begun, Ready(begun.Resource));
        await _broker.HeardAsync(sample.Id, 2);
        Assert.That(
            await BeginAsync(sample.Id, "other"),
            Is.Not.Null,
            "who was not given it is followed by a new pass"
        );
    }

    [Test]
    public async Task Two_passes_of_a_process_that_names_none_are_not_one()
    {
        var sample = await NewAsync();
        await BeginAsync(sample.Id, "tester/1");
        Assert.That(await BeginAsync(sample.Id, "tester/1"), Is.Null);
    }

    [Test]
    public async Task Of_fifty_that_begin_at_once_one_gets_the_lease()
    {
        var sample = await NewAsync();
        var begun = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(i => Task.Run(() => BeginAsync(sample.Id, $"replica-{i}")))
        );
        Assert.That(begun.Count(static b => b is not null), Is.EqualTo(1));
    }

    [Test]
    public async Task Of_many_that_begin_at_once_in_one_process_one_gets_each_lease_and_is_followed_by_a_new_pass()
    {
        var samples = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => NewAsync()));
        var begun = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => BeginAsync(samples[i % samples.Length].Id, "one"))
        );
        var held = begun.OfType<BegunPass<Sample>>().ToList();
        Assert.That(
            held.Select(static b => (b.Resource.Id, b.Epoch)),
            Is.EquivalentTo(samples.Select(static s => (s.Id, 1L)))
        );

        foreach (var pass in held)
        {
            await EndAsync(pass, Ready(pass.Resource));
            await _broker.HeardAsync(pass.Resource.Id, 2);
        }
    }

    [Test]
    public async Task Nothing_begins_for_a_resource_that_is_gone() =>
        Assert.That(await BeginAsync(Guid.CreateVersion7()), Is.Null);

    [Test]
    public async Task The_end_of_a_pass_that_lost_its_lease_is_refused_and_writes_nothing()
    {
        var sample = await NewAsync();
        var lost = (await BeginAsync(sample.Id))!;
        await ExpireAsync(sample.Id);
        var holder = await TakeOverAsync(sample.Id);

        lost.Resource.Status.Seen = "by the loser";
        await Assert.ThrowsAsync<PassLostException>(() => EndAsync(lost, Ready(lost.Resource)));
        await Assert.ThrowsAsync<PassLostException>(() =>
            _passes.CheckpointAsync(lost.Resource, lost.Epoch, CancellationToken.None)
        );
        Assert.That(await _passes.RenewAsync<Sample>(sample.Id, lost.Epoch, CancellationToken.None), Is.False);
        var now = await FindAsync(sample.Name);
        Assert.That((now.Revision, now.Status.Seen, now.ObservedGeneration), Is.EqualTo((1, (string?)null, 0)));

        await EndAsync(holder, Ready(holder.Resource));
        Assert.That((await FindAsync(sample.Name)).ObservedGeneration, Is.EqualTo(1));
        await Assert.ThrowsAsync<PassLostException>(() => EndAsync(holder, Ready(holder.Resource)), "it has ended");
    }

    [Test]
    public async Task A_lease_that_ran_out_is_given_back_with_a_notification()
    {
        var sample = await NewAsync();
        await BeginAsync(sample.Id);
        await ExpireAsync(sample.Id);
        await _broker.HeardAsync(sample.Id, 2);
        Assert.That((await BeginAsync(sample.Id))!.Epoch, Is.EqualTo(2));
    }

    [Test]
    public async Task A_lease_is_renewed_by_its_holder_alone()
    {
        var sample = await NewAsync();
        var begun = (await BeginAsync(sample.Id))!;
        await SetAsync(sample.Id, "expires_at = clock_timestamp() + interval '5 s'");
        Assert.That(await _passes.RenewAsync<Sample>(sample.Id, begun.Epoch, CancellationToken.None), Is.True);
        Assert.That(await StateAsync<bool>(sample.Id, "expires_at > clock_timestamp() + interval '10 s'"), Is.True);
        Assert.That(await _passes.RenewAsync<Sample>(sample.Id, begun.Epoch + 1, CancellationToken.None), Is.False);
        await EndAsync(begun, Ready(begun.Resource));
        Assert.That(await _passes.RenewAsync<Sample>(sample.Id, begun.Epoch, CancellationToken.None), Is.False);
    }

    [Test]
    public async Task A_checkpoint_stores_the_status_beside_a_spec_that_moved_meanwhile()
    {
        var sample = await NewAsync();
        var begun = (await BeginAsync(sample.Id))!;
        await _layer.WriteAsync(WriteVerb.Put, "samples", sample.Name, new { size = 5 });
        begun.Resource.Status.Seen = "half";
        await _passes.CheckpointAsync(begun.Resource, begun.Epoch, CancellationToken.None);

        var now = await FindAsync(sample.Name);
        Assert.That((now.Spec.Size, now.Status.Seen), Is.EqualTo((5, "half")));
        Assert.That((now.Generation, now.ObservedGeneration), Is.EqualTo((2, 0)));
        Assert.That(await StateAsync<bool>(sample.Id, "owner is not null"), Is.True, "the pass goes on");
    }

    [Test]
    public async Task The_end_never_overwrites_a_newer_spec_and_a_new_pass_follows()
    {
        var sample = await NewAsync();
        var begun = (await BeginAsync(sample.Id))!;
        await _layer.WriteAsync(WriteVerb.Put, "samples", sample.Name, new { size = 5 });
        await _broker.HeardAsync(sample.Id, 2);
        begun.Resource.Status.Seen = "1";
        await EndAsync(begun, Ready(begun.Resource) with { RequeueAfter = TimeSpan.FromHours(1) });

        var now = await FindAsync(sample.Name);
        Assert.That((now.Spec.Size, now.Status.Seen, now.Generation), Is.EqualTo((5, "1", 2)));
        Assert.That((now.ObservedGeneration, now.IsReady), Is.EqualTo((1, false)));
        await _broker.HeardAsync(sample.Id, 3);
        Assert.That(_broker.Heard(sample.Id)[^1].Generation, Is.EqualTo(2));
        Assert.That(
            await StateAsync<bool>(
                sample.Id,
                "requeue_at - clock_timestamp() between interval '50 s' and interval '60 s'"
            ),
            Is.True
        );
    }

    [Test]
    public async Task A_deletion_that_is_asked_for_during_a_pass_is_followed_by_a_new_pass()
    {
        var sample = await NewAsync();
        var begun = (await BeginAsync(sample.Id))!;
        await _layer.WriteAsync(WriteVerb.Delete, "samples", sample.Name);
        await _broker.HeardAsync(sample.Id, 2);
        await EndAsync(begun, Ready(begun.Resource));
        await _broker.HeardAsync(sample.Id, 3);
        Assert.That((await FindAsync(sample.Name)).DeletionRequestedAt, Is.Not.Null);
    }

    [Test]
    public async Task Conditions_are_merged_by_type_and_keep_since_when_they_hold()
    {
        var sample = await NewAsync();
        var first = await PassAsync(
            sample,
            Said(ConditionStatus.False, "Waiting", "for 2"),
            new("Other", ConditionStatus.True, "Fine", "")
        );
        var second = await PassAsync(sample, Said(ConditionStatus.False, "Waiting", "for 1"));
        var third = await PassAsync(sample, Said(ConditionStatus.True, "Ready", ""));

        Assert.That(second.Conditions.Select(static c => c.Type), Is.EqualTo(["Other", "Ready"]));
        Assert.That(second.Conditions[1].Message, Is.EqualTo("for 1"));
        Assert.That(second.Conditions[1].Since, Is.EqualTo(first.Conditions[1].Since));
        Assert.That(third.Conditions[0], Is.EqualTo(first.Conditions[0]));
        Assert.That(third.Conditions[1].Since, Is.GreaterThan(first.Conditions[1].Since));
    }

    [Test]
    public async Task A_pass_that_finds_nothing_new_stores_no_revision()
    {
        var sample = await NewAsync();
        var first = await PassAsync(sample, Said(ConditionStatus.True, "Ready", ""));
        var second = await PassAsync(sample, Said(ConditionStatus.True, "Ready", ""));
        Assert.That(second.Revision, Is.EqualTo(first.Revision));
    }

    [Test]
    public async Task Failures_in_a_row_are_counted_until_a_pass_succeeds()
    {
        var sample = await NewAsync();
        for (var failures = 0; failures < 3; failures++)
        {
            var begun = (await BeginAsync(sample.Id))!;
            Assert.That(begun.Failures, Is.EqualTo(failures));
            await EndAsync(
                begun,
                new()
                {
                    Conditions = [Said(ConditionStatus.False, "ReconcileFailed", "no")],
                    Failed = true,
                    RequeueAfter = TimeSpan.FromMinutes(5),
                }
            );
            Assert.That(
                await StateAsync<bool>(sample.Id, "requeue_at > clock_timestamp() + interval '4 min'"),
                Is.True
            );
            Assert.That((await FindAsync(sample.Name)).ObservedGeneration, Is.Zero);
        }

        await PassAsync(sample, Said(ConditionStatus.True, "Ready", ""));
        Assert.That(await StateAsync<bool>(sample.Id, "failures = 0 and requeue_at is null"), Is.True);
    }

    [Test]
    public async Task A_requeue_becomes_a_notification_when_it_is_due()
    {
        var delay = TimeSpan.FromMilliseconds(250);
        var late = new List<TimeSpan>();
        for (var round = 0; round < 7; round++)
        {
            var sample = await NewAsync();
            var begun = (await BeginAsync(sample.Id))!;
            var asked = _broker.Now;
            await EndAsync(begun, Ready(begun.Resource) with { RequeueAfter = delay });
            await _broker.HeardAsync(sample.Id, 2);
            late.Add(_broker.Heard(sample.Id)[1].At - asked - delay);
        }

        late.Sort();
        Assert.That(late[0], Is.GreaterThanOrEqualTo(TimeSpan.Zero), "never too early");
        Assert.That(late[3], Is.LessThan(TimeSpan.FromMilliseconds(100)), string.Join(' ', late));
    }

    [Test]
    public async Task A_requeue_after_a_year_is_taken()
    {
        var sample = await NewAsync();
        var begun = (await BeginAsync(sample.Id))!;
        await EndAsync(begun, Ready(begun.Resource) with { RequeueAfter = TimeSpan.FromDays(365) });
        Assert.That(await StateAsync<bool>(sample.Id, "requeue_at > clock_timestamp() + interval '364 d'"), Is.True);
    }

    [Test]
    public async Task Removal_takes_what_belongs_to_the_resource_with_it()
    {
        var sample = await NewAsync();
        var part = await _layer.WriteAsync(
            WriteVerb.Create,
            "sample-parts",
            $"{sample.Name}-part",
            new { sample = sample.Name }
        );
        var begun = (await BeginAsync(sample.Id))!;
        ResourceEventRecord seen = new(EventType.Normal, "Seen", "It was seen.");
        await EndAsync(begun, Ready(begun.Resource) with { Events = [seen, seen] });
        Assert.That(await EventsAsync(sample.Id), Is.EqualTo(1));

        await _layer.WriteAsync(WriteVerb.Delete, "samples", sample.Name);
        var last = (await BeginAsync(sample.Id))!;
        await EndAsync(last, new() { Conditions = [], Remove = true });

        Assert.That(await FindAnyAsync("samples", sample.Name), Is.Null);
        Assert.That(await FindAnyAsync("sample-parts", part.Resource.Name), Is.Null);
        Assert.That(await EventsAsync(sample.Id), Is.Zero);
        Assert.That(await StateAsync<bool>(sample.Id, "true"), Is.False);
        var history = await _layer.Api.HistoryAsync(ApiLayer.Admin, _layer.Kind("samples"), sample.Name, default);
        Assert.That(history.Select(static h => h.Verb), Is.EqualTo(["remove", "delete", "create"]));
        await Assert.ThrowsAsync<PassLostException>(() => EndAsync(last, Ready(last.Resource)));
    }

    [Test]
    public async Task The_leases_of_a_former_life_are_given_back_at_start()
    {
        var (own, other) = (await NewAsync(), await NewAsync());
        await BeginAsync(own.Id, "node-7/former");
        await BeginAsync(other.Id, "node-70/living");
        await using var restarted = await ApiLayer.StartAsync(connection: _layer.Connection, node: "node-7");
        await _broker.HeardAsync(own.Id, 2);
        Assert.That((await BeginAsync(own.Id))!.Epoch, Is.EqualTo(2));
        Assert.That(await BeginAsync(other.Id), Is.Null);
    }

    private async Task<Sample> NewAsync()
    {
        var created = await _layer.SampleAsync($"pass-{Interlocked.Increment(ref _names)}");
        await _broker.HeardAsync(created.Resource.Id, 1);
        return (Sample)created.Resource;
    }

    private Task<BegunPass<Sample>?> BeginAsync(Guid id, string owner = "tester/1") =>
        _passes.BeginAsync<Sample>(id, owner, CancellationToken.None);

    private Task EndAsync(BegunPass<Sample> begun, PassOutcome outcome) =>
        _passes.EndAsync(begun.Resource, begun.Epoch, outcome, CancellationToken.None);

    /// <summary>The sweep may have given the lease back already, or another may take it as it ran out.</summary>
    private Task<BegunPass<Sample>> TakeOverAsync(Guid id) =>
        Eventually.ValueAsync("the lease is taken over", () => BeginAsync(id, "other/1"));

    private async Task<Sample> PassAsync(Sample sample, params Condition[] conditions)
    {
        var begun = (await BeginAsync(sample.Id))!;
        await EndAsync(begun, new() { ObservedGeneration = begun.Resource.Generation, Conditions = conditions });
        return await FindAsync(sample.Name);
    }

    private static Condition Said(ConditionStatus status, string reason, string message) =>
        new(Condition.ReadyType, status, reason, message);

    private static PassOutcome Ready(Sample resource) =>
        new() { ObservedGeneration = resource.Generation, Conditions = [Said(ConditionStatus.True, "Ready", "")] };

    private async Task<Sample> FindAsync(string name) => (Sample)(await FindAnyAsync("samples", name))!;

    private Task<Resource?> FindAnyAsync(string plural, string name) =>
        _layer.Api.FindAsync(ApiLayer.Admin, _layer.Kind(plural), name, default);

    private Task ExpireAsync(Guid id) => SetAsync(id, "expires_at = clock_timestamp() - interval '1 s'");

    private Task SetAsync(Guid id, string set) =>
        _layer.ExecuteAsync($"update threeport.reconcile_state set {set} where id = '{id}'");

    private Task<long> EventsAsync(Guid id) =>
        _layer.ScalarAsync<long>($"select count(*) from threeport.events where resource_id = '{id}'");

    private async Task<T?> StateAsync<T>(Guid id, string expression)
    {
        await using var command = _layer.Database.CreateCommand(
            $"select {expression} from threeport.reconcile_state where id = '{id}'"
        );
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }
}
