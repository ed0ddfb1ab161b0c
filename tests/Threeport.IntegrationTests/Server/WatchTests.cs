using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Threeport.Api;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Runtime;
using Threeport.Server.Watching;

namespace Threeport.IntegrationTests.Server;

/// <summary>Watches and waits, when not all goes well.</summary>
public sealed class WatchTests
{
    private const string Path = "/v0/watch?kinds=plain-samples";
    private HttpApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _api = await HttpApi.SharedAsync();

    [TestCase("nonsense")]
    [TestCase("18c0ffee-5-1")]
    [TestCase("-1-1")]
    public async Task A_place_that_cannot_be_resumed_from_resets_the_watch(string place)
    {
        await PutAsync("reset-a", "1");
        await using var watch = await SseReader.OpenAsync(_api.Admin, Path, place);
        var events = await watch.UntilAsync(static e => e.Name == "synced");
        Assert.That(events[0].Name, Is.EqualTo("reset"));
        Assert.That(events.Select(NameOf), Does.Contain("reset-a"));
    }

    [Test]
    public async Task A_watch_shows_no_secret()
    {
        await _api.SendAsync("PUT", "/v0/samples/secretive", """{"spec": {"secret": "canary-99182"}}""");
        await using var watch = await SseReader.OpenAsync(_api.Admin, "/v0/watch?kinds=samples", null);
        var events = await watch.UntilAsync(static e => e.Name == "synced");
        var shown = events.Single(static e => NameOf(e) == "secretive").Data;
        Assert.That(shown, Does.Contain("\"***\"").And.Not.Contain("canary"));
    }

    [Test]
    public void A_listener_that_does_not_keep_up_is_cut_off_and_not_waited_for()
    {
        var kind = _api.Services.GetRequiredService<KindCatalog>().Find("plain-samples")!;
        using var listener = new Subscription(static _ => true, static _ => { });
        for (var i = 1; i <= 5_000; i++)
        {
            listener.Offer(new(new("s", (ulong)i, 0), kind, Guid.Empty, "x", Deleted: true));
        }

        var read = 0;
        while (listener.Changes.TryRead(out _))
        {
            read++;
        }

        Assert.That((read, listener.Changes.Completion.IsCompletedSuccessfully), Is.EqualTo((4_096, true)));
    }

    [Test]
    public async Task A_client_that_reads_slowly_sees_the_last_state_of_everything()
    {
        const int Resources = 500;
        await using var watch = await SseReader.OpenAsync(_api.Admin, Path, null);
        await watch.UntilAsync(static e => e.Name == "synced");
        for (var round = 1; round <= 12; round++)
        {
            await ApplyAsync(Resources, $"{round} {new string('x', 4_000)}");
        }

        var last = new Dictionary<string, string>();
        await watch.UntilAsync(e =>
        {
            if (e.Name == "put" && NameOf(e) is { } name && name.StartsWith("slow-", StringComparison.Ordinal))
            {
                last[name] = ((string)JsonNode.Parse(e.Data)!["spec"]!["text"]!).Split(' ')[0];
            }

            return last.Count == Resources && last.Values.All(static v => v == "12");
        });
    }

    [Test]
    public async Task A_watch_goes_on_without_a_gap_when_the_broker_comes_back()
    {
        await PutAsync("away", "before");
        await using var watch = await SseReader.OpenAsync(_api.Admin, Path, null);
        await watch.UntilAsync(static e => e.Name == "synced");
        var nats = await Servers.NatsAsync();
        await nats.KillAsync();
        try
        {
            await PutAsync("away", "meanwhile");
        }
        finally
        {
            await nats.RestartAsync();
        }

        await watch.UntilAsync(static e => e.Name == "put" && e.Data.Contains("meanwhile", StringComparison.Ordinal));
        await PutAsync("away", "after");
        var last = (await watch.UntilAsync(static e => e.Name == "put" && NameOf(e) == "away"))[^1];
        Assert.That(last.Data, Does.Contain("after"));
    }

    [Test]
    public async Task A_watch_is_reset_when_the_broker_comes_back_without_its_disk()
    {
        await PutAsync("lost", "before");
        await using var watch = await SseReader.OpenAsync(_api.Admin, Path, null);
        await watch.UntilAsync(static e => e.Name == "synced");
        var nats = await Servers.NatsAsync();
        await nats.KillAsync();
        nats.Wipe();
        await nats.RestartAsync();
        await watch.UntilAsync(static e => e.Name == "reset");
        await watch.UntilAsync(static e => e.Name == "synced");
        await PutAsync("lost", "after");
        await watch.UntilAsync(static e => e.Name == "put" && e.Data.Contains("\"after\"", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_write_waits_until_it_is_reconciled()
    {
        var writing = _api.SendAsync("PUT", "/v0/samples/awaited?wait=20s", "{}");
        await EndPassAsync("awaited", remove: false);
        var (status, body, response) = await writing;
        Assert.That((status, (long)body!["observedGeneration"]!), Is.EqualTo((201, 1L)));
        Assert.That((string?)body["conditions"]![0]!["status"], Is.EqualTo("True"));
        Assert.That(response.Headers.Contains("Threeport-Wait"), Is.False);
    }

    [Test]
    public async Task A_wait_ends_in_time_and_says_so()
    {
        var (status, body, response) = await _api.SendAsync("PUT", "/v0/samples/never?wait=0.2s", "{}");
        Assert.That((status, (long)body!["observedGeneration"]!), Is.EqualTo((201, 0L)));
        Assert.That(response.Headers.GetValues("Threeport-Wait"), Is.EqualTo(["timeout"]));
    }

    [Test]
    public async Task A_delete_waits_until_it_is_gone()
    {
        await _api.SendAsync("PUT", "/v0/samples/going", "{}");
        var deleting = _api.SendAsync("DELETE", "/v0/samples/going?wait=20s");
        await EndPassAsync("going", remove: true);
        var (status, _, response) = await deleting;
        Assert.That(status, Is.EqualTo(200));
        Assert.That(response.Headers.GetValues("Threeport-Action"), Is.EqualTo(["deleted"]));
        Assert.That((await _api.SendAsync("GET", "/v0/samples/going")).Status, Is.EqualTo(404));
    }

    /// <summary>As a controller would.</summary>
    private async Task EndPassAsync(string name, bool remove)
    {
        var passes = _api.Services.GetRequiredService<IPasses>();
        var found = await Eventually.ValueAsync(
            $"{name} is there to be worked on",
            async () =>
            {
                var (status, body, _) = await _api.SendAsync("GET", $"/v0/samples/{name}");
                return status == 200 && (!remove || body!["deletionRequestedAt"] is not null) ? body : null;
            }
        );
        var begun = (await passes.BeginAsync<Sample>(Guid.Parse((string)found["id"]!), "tester/1", default))!;
        var outcome = new PassOutcome
        {
            ObservedGeneration = begun.Resource.Generation,
            Conditions = [new(Condition.ReadyType, ConditionStatus.True, "Ready", "")],
            Remove = remove,
        };
        await passes.EndAsync(begun.Resource, begun.Epoch, outcome, default);
    }

    private async Task PutAsync(string name, string text)
    {
        var (status, body, _) = await _api.SendAsync(
            "PUT",
            $"/v0/plain-samples/{name}",
            new JsonObject { ["spec"] = new JsonObject { ["text"] = text } }.ToJsonString()
        );
        Assert.That(status, Is.AnyOf(200, 201), body?.ToJsonString());
    }

    private async Task ApplyAsync(int count, string text)
    {
        var resources = Enumerable
            .Range(0, count)
            .Select(i => new JsonObject
            {
                ["kind"] = "plain-sample",
                ["name"] = $"slow-{i}",
                ["spec"] = new JsonObject { ["text"] = text },
            });
        var body = new JsonObject { ["resources"] = new JsonArray([.. resources]) };
        var (status, answer, _) = await _api.SendAsync("POST", "/v0/apply", body.ToJsonString());
        Assert.That(status, Is.EqualTo(200), answer?.ToJsonString());
    }

    private static string? NameOf(SseEvent e) => (string?)JsonNode.Parse(e.Data)!["name"];
}
