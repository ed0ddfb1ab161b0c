using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;
using Threeport.Modules.Workloads.WorkloadObservations;

namespace Threeport.IntegrationTests.Agent;

/// <summary>The agent against a real Kubernetes API server.</summary>
public sealed class AgentTests
{
    private const string Marker = "c2VjcmV0LW1hcmtlcg==";
    private const string Maps = "/api/v1/configmaps?labelSelector=threeport.io";

    private readonly System.Collections.Concurrent.ConcurrentBag<string> _asked = [];
    private ClusterConnection _connection = null!;
    private ClusterClient _cluster = null!;
    private RunningAgent _agent = null!;

    [OneTimeSetUp]
    public async Task ConnectAsync()
    {
        _connection = Kubeconfig.Parse((await Servers.KubernetesAsync()).Kubeconfig);
        _cluster = new(_connection);
        await _cluster.ApplyAsync(
            Manifest.Definition("threeport.io", "ThreeportWorkload", "threeportworkloads", "Cluster"),
            None
        );
        await Eventually.ValueAsync(
            "workloads can be named",
            () => _cluster.FindResourceAsync("threeport.io/v1", "ThreeportWorkload", None).AsTask()
        );
    }

    [OneTimeTearDown]
    public void Disconnect() => _cluster.Dispose();

    [SetUp]
    public async Task StartAsync() => _agent = await RunningAgent.StartAsync(_connection);

    [TearDown]
    public async Task StopAsync()
    {
        await _agent.DisposeAsync();
        await Parallel.ForEachAsync(_asked, async (id, _) => await ForgetAsync(id));
        _asked.Clear();
    }

    [Test]
    public async Task A_workload_is_healthy_when_all_that_it_names_is_there()
    {
        var workload = await DeployAsync("whole", Manifest.Map("whole"), Manifest.Secret("whole", Marker));
        var seen = await SeenAsync("whole", static o => o.Health == "Healthy");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen.KubernetesRuntimeInstance, Is.EqualTo(RunningAgent.Runtime));
            Assert.That(
                seen.Objects.Select(static o => $"{o.Kind}/{o.Name}"),
                Is.EqualTo(new[] { "ConfigMap/whole", "Secret/whole" })
            );
            Assert.That(seen.Objects.Select(static o => o.FieldsHash), Is.EqualTo(workload.Hashes));
            Assert.That(seen.Objects.Select(static o => o.Drift), Is.All.Null);
        }
    }

    [Test]
    public async Task The_values_of_secrets_are_neither_asked_for_nor_sent()
    {
        await DeployAsync("sealed", Manifest.Secret("sealed", Marker));
        await SeenAsync("sealed", static o => o.Health == "Healthy");
        var secret = await _cluster.FindAsync(new("v1", "Secret", "default", "sealed"), None);
        await _agent.StopAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(secret!["data"]!["password"]!.GetValue<string>(), Is.EqualTo(Marker));
            Assert.That(_agent.Proxy.Answers, Has.None.Contains(Marker));
            Assert.That(_agent.Reports.Bodies, Has.None.Contains(Marker));
            Assert.That(_agent.Log, Does.Not.Contain(Marker));
        }
    }

    [Test]
    public async Task What_is_deleted_by_hand_is_drift_until_it_is_back()
    {
        await DeployAsync("deleted", Manifest.Map("deleted"));
        await SeenAsync("deleted", static o => o.Health == "Healthy");
        await DeleteAsync("ConfigMap", "deleted");
        var gone = await SeenAsync("deleted", static o => o.Objects[0].Drift == "Deleted");
        Assert.That(gone.Health, Is.EqualTo("Unhealthy"));
        Assert.That(gone.Message, Is.EqualTo("ConfigMap deleted: is gone: it was deleted"));

        await _cluster.ApplyAsync(Labelled(Manifest.Map("deleted"), Id("deleted")), None);
        await SeenAsync("deleted", static o => o is { Health: "Healthy", Objects: [{ Drift: null }] });
    }

    [Test]
    public async Task What_is_changed_by_hand_is_drift_and_what_is_added_is_not()
    {
        await DeployAsync("changed", Manifest.Map("changed"));
        await SeenAsync("changed", static o => o.Health == "Healthy");
        await PatchAsync("/api/v1/namespaces/default/configmaps/changed", """{"data":{"theirs":"1"}}""");
        await PatchAsync("/api/v1/namespaces/default/configmaps/changed", """{"data":{"a":"2"}}""");
        var seen = await SeenAsync("changed", static o => o.Objects[0].Drift == "Changed");
        Assert.That(seen.Health, Is.EqualTo("Healthy"));
        Assert.That(
            _agent.Reports.Bodies.Count(static b => b.Contains("\"drift\":", StringComparison.Ordinal)),
            Is.EqualTo(1)
        );
    }

    [Test]
    public async Task An_object_that_was_not_applied_yet_is_waited_for()
    {
        await AskAsync("early", [(Manifest.Map("early"), null)]);
        var seen = await SeenAsync("early", static o => o.Objects.Count == 1);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen.Health, Is.EqualTo("Progressing"));
            Assert.That(seen.Objects[0].Health, Is.EqualTo("Missing"));
            Assert.That(seen.Objects[0].Drift, Is.Null);
        }

        await _cluster.ApplyAsync(Labelled(Manifest.Map("early"), Id("early")), None);
        await SeenAsync("early", static o => o.Health == "Healthy");
    }

    [Test]
    public async Task A_kind_that_is_installed_later_is_found()
    {
        var thing = Manifest.Of("late.example.com/v1", "Latecomer", "late", "default");
        await AskAsync("late", [(thing, null)]);
        await SeenAsync("late", static o => o.Message.Contains("does not have its kind", StringComparison.Ordinal));
        await _cluster.ApplyAsync(
            Manifest.Definition("late.example.com", "Latecomer", "latecomers", "Namespaced"),
            None
        );
        await Eventually.TrueAsync(
            "the object is taken",
            async () => await _cluster.ApplyAsync(Labelled(thing, Id("late")), None) is not null,
            TimeSpan.FromSeconds(30)
        );
        await SeenAsync("late", static o => o.Health == "Healthy");
    }

    [Test]
    public async Task A_broken_connection_loses_nothing()
    {
        await DeployAsync("cut", Manifest.Map("cut"), Manifest.Map("cut-2"));
        await SeenAsync("cut", static o => o.Health == "Healthy");
        _agent.Proxy.IsAway = true;
        _agent.Proxy.Cut();
        await DeleteAsync("ConfigMap", "cut-2");
        await DeployAsync("cut-new", Manifest.Map("cut-new"));
        _agent.Proxy.IsAway = false;
        await SeenAsync("cut", static o => o.Objects[1].Drift == "Deleted");
        await SeenAsync("cut-new", static o => o.Health == "Healthy");
    }

    [Test]
    public async Task What_is_too_long_ago_is_listed_again()
    {
        await DeployAsync("old", Manifest.Map("old"));
        await SeenAsync("old", static o => o.Health == "Healthy");
        var lists = _agent.Proxy.Lists(Maps);
        _agent.Proxy.Instead = path =>
            path.StartsWith(Maps, StringComparison.Ordinal) && path.Contains("watch=true", StringComparison.Ordinal)
                ? 410
                : null;
        _agent.Proxy.Cut();
        await DeleteAsync("ConfigMap", "old");
        await Eventually.TrueAsync("it is listed again", () => _agent.Proxy.Lists(Maps) > lists);
        await SeenAsync("old", static o => o.Objects[0].Drift == "Deleted");
        _agent.Proxy.Instead = static _ => null;
    }

    [Test]
    public async Task A_kind_that_may_not_be_read_is_said_and_read_once_it_may()
    {
        _agent.Proxy.Instead = static path =>
            path.StartsWith("/api/v1/services?", StringComparison.Ordinal) ? 403 : null;
        var service = Manifest.Of("v1", "Service", "denied", "default");
        service["spec"] = JsonNode.Parse("""{"ports":[{"port":80,"protocol":"TCP"}]}""");
        await DeployAsync("denied", service);
        var seen = await SeenAsync("denied", static o => o.Objects.Count == 1);
        Assert.That(seen.Message, Does.StartWith("Service denied: the agent may not see it"));
        Assert.That(seen.Objects[0].Drift, Is.Null);
        _agent.Proxy.Instead = static _ => null;
        await SeenAsync("denied", static o => o.Health == "Healthy");
    }

    [Test]
    public async Task Two_hundred_workloads_take_one_watch_a_type_and_few_requests()
    {
        var deployed = Enumerable.Range(0, 200).Select(static i => $"many-{i}").ToList();
        await Parallel.ForEachAsync(
            deployed,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (name, _) => await DeployAsync(name, Manifest.Map(name))
        );
        foreach (var name in deployed)
        {
            await SeenAsync(name, static o => o.Health == "Healthy");
        }

        Assert.That(_agent.Proxy.Watches(Maps), Is.EqualTo(1));
        Assert.That(_agent.Proxy.Watches("/apis/threeport.io/v1/threeportworkloads"), Is.EqualTo(1));

        await using var second = await RunningAgent.StartAsync(_connection);
        await Eventually.TrueAsync("all are reported", () => second.Reports.Observations.Count >= 200);
        Assert.That(second.Reports.Batches, Has.Some.GreaterThan(50));
    }

    [Test]
    public async Task A_workload_that_is_no_longer_asked_for_is_forgotten_and_its_watch_ends()
    {
        await DeployAsync("gone", Manifest.Of("v1", "ServiceAccount", "gone", "default"));
        await SeenAsync("gone", static o => o.Health == "Healthy");
        await ForgetAsync(Id("gone"));
        await Eventually.TrueAsync("it is forgotten", () => Gauge("workloads") == 0 && Gauge("watches") == 0);
    }

    [Test]
    public async Task Reports_wait_while_the_control_plane_is_away_and_the_newest_is_sent()
    {
        await DeployAsync("patient", Manifest.Map("patient"));
        await SeenAsync("patient", static o => o.Health == "Healthy");
        _agent.Reports.IsAway = true;
        await DeleteAsync("ConfigMap", "patient");
        await Eventually.TrueAsync("a report fails", () => Gauge("reports_failed_total") > 0);
        await _cluster.ApplyAsync(Labelled(Manifest.Map("patient"), Id("patient")), None);
        await DeployAsync("patient-2", Manifest.Map("patient-2"));
        _agent.Reports.Observations.Clear();
        _agent.Reports.IsAway = false;
        await SeenAsync("patient-2", static o => o.Health == "Healthy");
        await SeenAsync("patient", static o => o is { Health: "Healthy", Objects: [{ Drift: null }] });
    }

    [Test]
    public async Task One_that_is_refused_does_not_hold_up_the_others()
    {
        _agent.Reports.Refused["refused"] = 404;
        _agent.Reports.IsAway = true;
        await DeployAsync("refused", Manifest.Map("refused"));
        await DeployAsync("taken", Manifest.Map("taken"));
        _agent.Reports.IsAway = false;
        await SeenAsync("taken", static o => o.Health == "Healthy");
        await Eventually.TrueAsync("the other was tried", () => _agent.Reports.Refusals > 0);
        Assert.That(_agent.Reports.Observations.Keys, Has.No.Member("refused"));
    }

    [Test]
    public async Task A_token_that_changes_is_read_again()
    {
        _agent.Reports.Token = "next";
        await DeployAsync("token", Manifest.Map("token"));
        await Eventually.TrueAsync("a report fails", () => Gauge("reports_failed_total") > 0);
        await File.WriteAllTextAsync(_agent.TokenFile, "next");
        await SeenAsync("token", static o => o.Health == "Healthy");
    }

    [Test]
    public async Task The_sign_of_life_says_what_it_looks_at()
    {
        var seen = await Eventually.ValueAsync(
            "a sign of life",
            () => Task.FromResult(_agent.Reports.Runtimes.GetValueOrDefault(RunningAgent.Runtime))
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen.KubernetesRuntimeInstance, Is.EqualTo(RunningAgent.Runtime));
            Assert.That(seen.AgentVersion, Does.Match(@"^\d+\.\d+"));
            Assert.That(seen.Version, Does.StartWith("v1."));
            Assert.That(seen.Nodes, Is.Not.Null);
        }
    }

    [Test]
    public async Task Warnings_of_the_cluster_become_events_of_the_workload()
    {
        await DeployAsync("noisy", Manifest.Map("noisy"));
        await SeenAsync("noisy", static o => o.Health == "Healthy");
        var map = await _cluster.FindAsync(new("v1", "ConfigMap", "default", "noisy"), None);
        await _cluster.ApplyAsync(Manifest.Event("noisy", map!, "Warning", "Broken", "it hurts", 3), None);
        var (_, one) = await EventAsync("noisy");
        Assert.That(one.Reason, Is.EqualTo("Broken"));
        Assert.That(one.Message, Is.EqualTo("ConfigMap noisy: it hurts"));
        Assert.That(one.Count, Is.EqualTo(3));

        await _cluster.ApplyAsync(Manifest.Event("noisy", map!, "Warning", "Broken", "it hurts", 5), None);
        await Eventually.TrueAsync(
            "the count goes on",
            () => _agent.Reports.Events.Any(static e => e.Event.Count == 5)
        );
    }

    private static CancellationToken None => CancellationToken.None;

    private double Gauge(string name)
    {
        var line = _agent
            .Metrics.Write()
            .Split('\n')
            .First(l => l.StartsWith($"threeport_agent_{name} ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<(string Workload, Threeport.Api.ResourceEventRecord Event)> EventAsync(string workload)
    {
        await Eventually.TrueAsync("an event", () => _agent.Reports.Events.Any(e => e.Workload == workload));
        return _agent.Reports.Events.First(e => e.Workload == workload);
    }

    private Task<WorkloadObservationSpec> SeenAsync(string name, Func<WorkloadObservationSpec, bool> condition) =>
        Eventually.ValueAsync(
            $"{name} is reported so",
            () =>
                Task.FromResult(
                    _agent.Reports.Observations.GetValueOrDefault(name) is { } seen && condition(seen) ? seen : null
                ),
            TimeSpan.FromSeconds(20)
        );

    private static string Id(string name) => $"id-{name}";

    private static JsonObject Labelled(JsonObject content, string id)
    {
        var copy = content.DeepClone().AsObject();
        copy["metadata"]!["labels"] = new JsonObject { ["threeport.io/workload-instance"] = id };
        return copy;
    }

    private async Task<(IReadOnlyList<string?> Hashes, bool Done)> DeployAsync(string name, params JsonObject[] objects)
    {
        var applied = new List<(JsonObject, string?)>();
        foreach (var content in objects)
        {
            var answer = await _cluster.ApplyAsync(Labelled(content, Id(name)), None);
            applied.Add((content, FieldsHash.Of(answer.Object)));
        }

        await AskAsync(name, applied);
        return ([.. applied.Select(static a => a.Item2)], true);
    }

    private async Task AskAsync(string name, IReadOnlyList<(JsonObject Content, string? Hash)> objects)
    {
        _asked.Add(Id(name));
        await _cluster.ApplyAsync(Manifest.Workload(Id(name), name, objects), None);
    }

    private async Task ForgetAsync(string id) =>
        await _cluster.DeleteAsync(
            new("threeport.io/v1", "ThreeportWorkload", null, id),
            Propagation.Background,
            null,
            None
        );

    private async Task DeleteAsync(string kind, string name) =>
        await _cluster.DeleteAsync(new("v1", kind, "default", name), Propagation.Background, null, None);

    /// <summary>As kubectl does: with another field manager.</summary>
    private async Task PatchAsync(string path, string patch)
    {
        using var client = new HttpClient { BaseAddress = _agent.Proxy.Connection.Server };
        using var content = new StringContent(
            patch,
            new System.Net.Http.Headers.MediaTypeHeaderValue("application/merge-patch+json")
        );
        using var answer = await client.PatchAsync(new Uri(path, UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }
}
