using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.Kubernetes;

public sealed class ClusterClientTests
{
    private ClusterClient _cluster = null!;
    private ClusterConnection _connection = null!;

    [OneTimeSetUp]
    public async Task ConnectAsync()
    {
        _connection = Kubeconfig.Parse((await Servers.KubernetesAsync()).Kubeconfig);
        _cluster = new(_connection);
    }

    [OneTimeTearDown]
    public void Disconnect() => _cluster.Dispose();

    [Test]
    public async Task The_version_is_read() =>
        Assert.That(await _cluster.VersionAsync(CancellationToken.None), Does.StartWith("v1."));

    [Test]
    public async Task An_object_is_applied_read_changed_and_deleted()
    {
        var map = Map("basic", ("a", "1"));
        var first = await _cluster.ApplyAsync(map, CancellationToken.None);
        var again = await _cluster.ApplyAsync(map, CancellationToken.None);
        var changed = await _cluster.ApplyAsync(Map("basic", ("b", "2")), CancellationToken.None);
        var reference = ObjectReference.Of(map);
        var found = await _cluster.FindAsync(reference, CancellationToken.None);
        var metadata = await _cluster.FindAsync(reference, CancellationToken.None, metadataOnly: true);
        var outcome = await _cluster.DeleteAsync(reference, Propagation.Background, null, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.Created, Is.True);
            Assert.That(again.Created, Is.False);
            Assert.That(FieldsHash.Of(again.Object), Is.EqualTo(FieldsHash.Of(first.Object)));
            Assert.That(FieldsHash.Of(changed.Object), Is.Not.EqualTo(FieldsHash.Of(first.Object)));
            Assert.That(found!["data"]!.ToJsonString(), Is.EqualTo("""{"b":"2"}"""));
            Assert.That(metadata!["data"], Is.Null);
            Assert.That(FieldsHash.Of(metadata), Is.EqualTo(FieldsHash.Of(changed.Object)));
            Assert.That(outcome, Is.EqualTo(DeleteOutcome.Gone));
            Assert.That(await _cluster.FindAsync(reference, CancellationToken.None), Is.Null);
        }
    }

    [Test]
    public async Task A_dry_run_stores_nothing()
    {
        await _cluster.ApplyAsync(Map("dry", ("a", "1")), CancellationToken.None, dryRun: true);
        Assert.That(await _cluster.FindAsync(ObjectReference.Of(Map("dry")), CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task A_delete_of_another_object_of_that_name_is_refused()
    {
        await _cluster.ApplyAsync(Map("precious"), CancellationToken.None);
        var exception = await Assert.ThrowsAsync<KubernetesException>(() =>
            _cluster.DeleteAsync(
                ObjectReference.Of(Map("precious")),
                Propagation.Background,
                Guid.CreateVersion7().ToString(),
                CancellationToken.None
            )
        );
        Assert.That(exception!.Status, Is.EqualTo(409));
    }

    [Test]
    public async Task What_the_server_says_is_told()
    {
        var bad = Map("Not_A_Name");
        var exception = await Assert.ThrowsAsync<KubernetesException>(() =>
            _cluster.ApplyAsync(bad, CancellationToken.None)
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception!.Status, Is.EqualTo(422));
            Assert.That(exception!.Reason, Is.EqualTo("Invalid"));
            Assert.That(exception!.Message, Does.Contain("Not_A_Name"));
        }
    }

    [Test]
    public async Task A_type_that_is_not_served_is_named()
    {
        var thing = new JsonObject
        {
            ["apiVersion"] = "nobody.example.com/v1",
            ["kind"] = "Thing",
            ["metadata"] = new JsonObject { ["name"] = "x" },
        };
        var exception = await Assert.ThrowsAsync<KubernetesException>(() =>
            _cluster.ApplyAsync(thing, CancellationToken.None)
        );
        Assert.That(exception!.Message, Does.Contain("Thing of nobody.example.com/v1"));
    }

    [Test]
    public async Task A_list_is_read_page_by_page_and_watched_from_there()
    {
        var maps = await ConfigMapsAsync();
        var query = new ListQuery { LabelSelector = "test=watch", PageSize = 2 };
        for (var i = 0; i < 5; i++)
        {
            await _cluster.ApplyAsync(Labelled($"watch-{i}"), CancellationToken.None);
        }

        var list = await _cluster.ListAsync(maps, query, CancellationToken.None);
        Assert.That(list.Items.Select(static o => ObjectReference.Of(o).Name), Is.EqualTo(Names(5)));
        Assert.That(list.Items, Is.All.Matches<JsonObject>(static o => ObjectReference.Of(o!).Kind == "ConfigMap"));

        await _cluster.ApplyAsync(Labelled("watch-5"), CancellationToken.None);
        await _cluster.DeleteAsync(
            ObjectReference.Of(Labelled("watch-0")),
            Propagation.Background,
            uid: null,
            CancellationToken.None
        );
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var seen = new List<(WatchEventType, string)>();
        var watch = _cluster.WatchAsync(
            maps,
            query with
            {
                MetadataOnly = true,
            },
            list.ResourceVersion,
            TimeSpan.FromSeconds(60),
            deadline.Token
        );
        await foreach (var change in watch)
        {
            seen.Add((change.Type, ObjectReference.Of(change.Object).Name));
            if (seen.Count == 2)
            {
                break;
            }
        }

        Assert.That(seen, Is.EqualTo(new[] { (WatchEventType.Added, "watch-5"), (WatchEventType.Deleted, "watch-0") }));
    }

    [Test]
    public async Task A_watch_ends_when_its_time_is_up()
    {
        var maps = await ConfigMapsAsync();
        var list = await _cluster.ListAsync(maps, new(), CancellationToken.None);
        var query = new ListQuery { LabelSelector = "test=nobody" };
        var watch = _cluster.WatchAsync(
            maps,
            query,
            list.ResourceVersion,
            TimeSpan.FromSeconds(1),
            CancellationToken.None
        );
        Assert.That(await watch.Where(static e => e.Type is not WatchEventType.Bookmark).CountAsync(), Is.Zero);
    }

    [Test]
    public async Task Objects_are_counted()
    {
        var spaces = await _cluster.FindResourceAsync("v1", "Namespace", CancellationToken.None);
        var all = await _cluster.ListAsync(spaces!, new() { MetadataOnly = true }, CancellationToken.None);
        Assert.That(
            await _cluster.CountAsync(spaces!, CancellationToken.None),
            Is.GreaterThanOrEqualTo(4).And.AtMost(all.Items.Count + 5)
        );
    }

    [Test]
    public async Task A_server_that_is_away_is_unreachable()
    {
        using var away = new ClusterClient(
            _connection with
            {
                Server = new($"https://127.0.0.1:{Machine.FreePort()}"),
            }
        );
        var exception = await Assert.ThrowsAsync<KubernetesException>(() => away.VersionAsync(CancellationToken.None));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception!.IsUnreachable, Is.True);
            Assert.That(exception!.Message, Does.StartWith("Cannot reach https://127.0.0.1:").And.Contain("refused"));
        }
    }

    [Test]
    public async Task A_server_of_another_CA_is_not_talked_to()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=other",
            key,
            System.Security.Cryptography.HashAlgorithmName.SHA256
        );
        using var other = request.CreateSelfSigned(
            TimeProvider.System.GetUtcNow().AddDays(-1),
            TimeProvider.System.GetUtcNow().AddDays(1)
        );
        using var client = new ClusterClient(_connection with { CaCertificate = other.ExportCertificatePem() });
        var exception = await Assert.ThrowsAsync<KubernetesException>(() =>
            client.VersionAsync(CancellationToken.None)
        );
        Assert.That(exception!.IsUnreachable, Is.True);
    }

    [TestCase("localhost", true)]
    [TestCase("elsewhere", false)]
    public async Task The_servers_certificate_must_have_the_name_that_is_asked_for(string name, bool reaches)
    {
        using var client = new ClusterClient(_connection with { TlsServerName = name });
        if (reaches)
        {
            Assert.That(await client.VersionAsync(CancellationToken.None), Does.StartWith("v1."));
        }
        else
        {
            var exception = await Assert.ThrowsAsync<KubernetesException>(() =>
                client.VersionAsync(CancellationToken.None)
            );
            Assert.That(exception!.IsUnreachable, Is.True);
        }
    }

    [Test]
    public async Task A_link_local_address_is_never_connected_to()
    {
        using var client = new ClusterClient(_connection with { Server = new("https://169.254.169.254:1") });
        var exception = await Assert.ThrowsAsync<KubernetesException>(() =>
            client.VersionAsync(CancellationToken.None)
        );
        Assert.That(exception!.Message, Does.Contain("no address that is allowed"));
    }

    [Test]
    public async Task A_wrong_token_is_unauthorized()
    {
        using var client = new ClusterClient(_connection with { Token = "wrong" });
        var exception = await Assert.ThrowsAsync<KubernetesException>(() =>
            client.VersionAsync(CancellationToken.None)
        );
        Assert.That(exception!.Status, Is.EqualTo(401));
    }

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(static i => $"watch-{i}");

    private async Task<ApiResource> ConfigMapsAsync() =>
        (await _cluster.FindResourceAsync("v1", "ConfigMap", CancellationToken.None))!;

    private static JsonObject Labelled(string name)
    {
        var map = Map(name);
        map["metadata"]!["labels"] = new JsonObject { ["test"] = "watch" };
        return map;
    }

    private static JsonObject Map(string name, params (string Key, string Value)[] data) =>
        new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
            ["data"] = new JsonObject(data.Select(static d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value))),
        };
}
