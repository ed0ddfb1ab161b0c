using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Threeport.IntegrationTests.EndToEnd;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.Backups;

/// <summary>
/// Backup under load, drop the database, restore: state equals the backup's instant, and no cluster is called before the yes. Processes as they
/// are run, a real Kubernetes API server, and the command line.
/// </summary>
public sealed class RestoreTests
{
    private const string Secret = "correct horse battery";
    private const int Definitions = 40;

    private const string Manifest = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings, namespace: restored}
        data: {a: "1"}
        """;

    private readonly string _folder = Machine.TemporaryFolder();
    private NatsServer _nats = null!;

    private string PassphraseFile => Path.Combine(_folder, "passphrase");

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _nats = await NatsServer.StartAsync();
        await File.WriteAllTextAsync(PassphraseFile, Secret + "\n");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _nats.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task A_restored_control_plane_calls_no_cluster_before_the_yes_and_reconciles_all_after_it()
    {
        var kubernetes = await Servers.KubernetesAsync();
        var endpoint = new Uri(kubernetes.Endpoint!);
        await using var counter = FaultProxy.Start(new IPEndPoint(IPAddress.Loopback, endpoint.Port));
        var kubeconfig = kubernetes.Kubeconfig.Replace(
            $":{endpoint.Port}",
            $":{counter.Port}",
            StringComparison.Ordinal
        );
        using var cluster = new ClusterClient(Kubeconfig.Parse(kubernetes.Kubeconfig));
        var map = new ObjectReference("v1", "ConfigMap", "restored", "settings");
        var file = Path.Combine(_folder, "load.backup");
        JsonNode before;
        await using (var old = await BackupProcesses.StartAsync(_nats.Url))
        {
            await DeployAsync(old, kubeconfig);
            await Eventually.TrueAsync(
                "it is deployed",
                async () => await cluster.FindAsync(map, default) is not null,
                TimeSpan.FromSeconds(60)
            );
            before = await BackUpUnderLoadAsync(old, file);
            await old.DropAsync();
        }

        await cluster.DeleteAsync(map, Propagation.Background, null, default);
        var called = counter.Accepted;
        await using var restored = await BackupProcesses.StartAsync(_nats.Url);
        var (code, output) = await restored.CliAsync("restore", file, "--passphrase-file", PassphraseFile, "--yes");
        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain("only observes").And.Contain("resources would be checked"));
        await StateIsAsync(restored, before);

        await OnlyObservesAsync(restored);
        // Whoever starts again tells everybody of what is unsettled.
        await restored.Api.KillAsync();
        await restored.Api.StartAgainAsync();
        await OnlyObservesAsync(restored);
        Assert.That(counter.Accepted, Is.EqualTo(called), "nobody called the cluster");
        Assert.That(await cluster.FindAsync(map, default), Is.Null);

        (code, output) = await restored.CliAsync("restore", "confirm", "--yes");
        Assert.That(code, Is.Zero, output);
        await Eventually.TrueAsync(
            "what was gone from the cluster is there again",
            async () => await cluster.FindAsync(map, default) is not null,
            TimeSpan.FromSeconds(60)
        );
        Assert.That(counter.Accepted, Is.GreaterThan(called));
        await Eventually.TrueAsync(
            "all is reconciled",
            async () => (await ListAsync(restored)).All(static d => WholeControlPlane.Reason(d) == "Ready"),
            TimeSpan.FromSeconds(60)
        );
        Assert.That((await restored.CliAsync("status")).Output, Does.Contain("Ready"));
    }

    [Test]
    public async Task A_restoration_that_is_killed_in_the_middle_leaves_an_empty_control_plane()
    {
        await using var old = await BackupProcesses.StartAsync(_nats.Url);
        var backup = await BackUpAsync(old, definitions: 200);
        await using var fresh = await BackupProcesses.StartAsync(_nats.Url);
        using var content = new HalfUpload(Encoding.UTF8.GetBytes($"{{\"passphrase\":\"{Secret}\"}}\n"), backup);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v0/restore", UriKind.Relative));
        request.Content = content;
        var sending = fresh.Api.Client.SendAsync(request);
        await Eventually.TrueAsync("it is in the middle of a table", fresh.IsCopyingAsync);
        await fresh.Api.KillAsync();
        content.End();
        await Assert.ThatAsync(() => sending, Throws.InstanceOf<Exception>());
        await fresh.Api.StartAgainAsync();

        Assert.That((await fresh.FindAsync("restore"))!["observing"], Is.Null);
        Assert.That(await ListAsync(fresh), Is.Empty);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "again.backup"), backup);
        var again = await fresh.CliAsync(
            "restore",
            Path.Combine(_folder, "again.backup"),
            "--passphrase-file",
            PassphraseFile,
            "--yes"
        );
        Assert.That(again.Code, Is.Zero, again.Output);
        Assert.That(await ListAsync(fresh), Has.Count.EqualTo(200));
    }

    [Test]
    public async Task What_is_wrong_is_named_by_the_command_line_and_by_the_API()
    {
        await using var plane = await BackupProcesses.StartAsync(_nats.Url);
        var backup = await BackUpAsync(plane, definitions: 1);
        var file = Path.Combine(_folder, "good.backup");
        await File.WriteAllBytesAsync(file, backup);
        var (code, output) = await plane.CliAsync("backup", "verify", file, "--passphrase-file", PassphraseFile);
        Assert.That((code, output), Is.EqualTo((0, output)));
        Assert.That(output, Does.Contain("is whole"));
        await FailsAsync(plane, "not empty", "restore", file, "--passphrase-file", PassphraseFile, "--yes");
        await FailsAsync(plane, "Say --yes", "restore", file, "--passphrase-file", PassphraseFile);
        await FailsAsync(plane, "nobody to ask", "restore", file, "--yes");
        await FailsAsync(plane, "is there already", "backup", "--output", file);
        await FailsAsync(plane, "nothing to confirm", "restore", "confirm", "--yes");
        var shortOne = await WriteAsync("short", "elevenchars"u8.ToArray());
        await FailsAsync(plane, "at least 12 characters", "backup", "--passphrase-file", shortOne);
        var wrong = await WriteAsync("wrong", "another passphrase"u8.ToArray());
        await FailsAsync(plane, "passphrase is wrong", "backup", "verify", file, "--passphrase-file", wrong);
        var cut = await WriteAsync("cut", backup[..^1]);
        await FailsAsync(plane, "cut off", "restore", cut, "--passphrase-file", PassphraseFile, "--yes");
        await FailsAsync(plane, "not a backup", "restore", wrong, "--passphrase-file", PassphraseFile, "--yes");

        var (status, problem) = await plane.SendAsync("POST", "/v0/backups", new { passphrase = "short" });
        Assert.That((int)status, Is.EqualTo(400));
        Assert.That((string?)problem!["errors"]![0]!["pointer"], Is.EqualTo("/passphrase"));
        await using var fresh = await BackupProcesses.StartAsync(_nats.Url);
        Assert.That(await RestoreAsync(fresh, "another passphrase", backup), Is.EqualTo((400, "/passphrase")));
        Assert.That(await RestoreAsync(fresh, Secret, backup[..^1]), Is.EqualTo((400, "")));
        Assert.That(await RestoreAsync(fresh, Secret, Encoding.UTF8.GetBytes("anything")), Is.EqualTo((400, "")));
        Assert.That(await RestoreAsync(fresh, Secret, backup), Is.EqualTo((200, "")));
        foreach (var process in new[] { plane, fresh })
        {
            var audit = await process.Api.Client.GetStringAsync(new Uri("/v0/audit?target=backups", UriKind.Relative));
            Assert.That(audit, Does.Contain("\"backups\"").And.Not.Contain(Secret));
            Assert.That(process.Api.Log, Does.Not.Contain(Secret).And.Not.Contain("failed."));
        }
    }

    private static async Task DeployAsync(BackupProcesses plane, string kubeconfig)
    {
        await plane.PutAsync("kubernetes-runtime-definitions/there", new { infraProvider = "existing" });
        await plane.PutAsync(
            "kubernetes-runtime-instances/there",
            new
            {
                kubernetesRuntimeDefinition = "there",
                kubeconfig,
                agent = "External",
            }
        );
        var space = "apiVersion: v1\nkind: Namespace\nmetadata: {name: restored}\n---\n";
        await plane.PutAsync("workload-definitions/deployed", new { yamlDocument = space + Manifest });
        await plane.PutAsync(
            "workload-instances/deployed",
            new { workloadDefinition = "deployed", kubernetesRuntimeInstance = "there" }
        );
    }

    /// <returns>Of each definition the least and the most that the backup may hold: what was answered before, and what was asked for by its end.</returns>
    private async Task<JsonNode> BackUpUnderLoadAsync(BackupProcesses plane, string file)
    {
        using var stop = new CancellationTokenSource();
        var answered = new int[Definitions];
        var asked = new int[Definitions];
        var load = Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(async client =>
                {
                    for (var i = 1; !stop.IsCancellationRequested; i++)
                    {
                        for (var d = client; d < Definitions; d += 4)
                        {
                            asked[d] = i;
                            await plane.PutAsync($"workload-definitions/load-{d}", new { yamlDocument = Numbered(i) });
                            answered[d] = i;
                        }
                    }
                })
        );
        await Eventually.TrueAsync("there is load", () => answered.All(static n => n > 2), TimeSpan.FromSeconds(30));
        var least = answered.ToArray();
        var (code, output) = await plane.CliAsync("backup", "--output", file, "--passphrase-file", PassphraseFile);
        var most = asked.ToArray();
        await stop.CancelAsync();
        await load;
        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Not.Contain(Secret));
        Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(Directory.GetFiles(_folder, "*.new"), Is.Empty);
        return new JsonObject
        {
            ["least"] = new JsonArray([.. least.Select(static n => (JsonNode)n)]),
            ["most"] = new JsonArray([.. most.Select(static n => (JsonNode)n)]),
        };
    }

    private static async Task StateIsAsync(BackupProcesses plane, JsonNode before)
    {
        var definitions = (await ListAsync(plane)).ToDictionary(static d => (string)d["name"]!);
        for (var d = 0; d < Definitions; d++)
        {
            var text = (string)definitions[$"load-{d}"]["spec"]!["yamlDocument"]!;
            var number = int.Parse(text.Split('"')[1], System.Globalization.CultureInfo.InvariantCulture);
            Assert.That(number, Is.InRange((int)before["least"]![d]!, (int)before["most"]![d]!));
            // Each change is one generation: none is missing, none is there twice.
            Assert.That((int)definitions[$"load-{d}"]["generation"]!, Is.EqualTo(number));
        }

        var runtime = await plane.FindAsync("kubernetes-runtime-instances/there");
        Assert.That((string?)runtime!["status"]!["endpoint"], Is.Not.Null);
    }

    private static async Task OnlyObservesAsync(BackupProcesses plane)
    {
        var ready = await plane.Api.Client.GetFromJsonAsync<JsonNode>(new Uri("/readyz", UriKind.Relative));
        Assert.That((string?)ready!["status"], Is.EqualTo("observing"));
        Assert.That((await plane.CliAsync("status")).Output, Does.Contain("Observing"));
        var (status, problem) = await plane.SendAsync(
            "PUT",
            "/v0/workload-definitions/new",
            new { spec = new { yamlDocument = Numbered(1) } }
        );
        Assert.That(
            (status, (string?)problem!["type"]),
            Is.EqualTo((HttpStatusCode.Conflict, "https://threeport.io/problems/observing"))
        );
        Assert.That((await plane.CliAsync("restore", "show")).Output, Does.Contain("only observes"));
        // Messages that were lost, and the sweeps, the requeues and the resync of a start, have had their chance.
        var start = TimeProvider.System.GetTimestamp();
        await Eventually.TrueAsync(
            "some seconds are over",
            () => TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromSeconds(6)
        );
    }

    private static async Task<byte[]> BackUpAsync(BackupProcesses plane, int definitions)
    {
        for (var d = 0; d < definitions; d++)
        {
            await plane.PutAsync($"workload-definitions/some-{d}", new { yamlDocument = Numbered(d) + Noise() });
        }

        using var answer = await plane.Api.Client.PostAsJsonAsync("/v0/backups", new { passphrase = Secret });
        Assert.That(answer.IsSuccessStatusCode, Is.True);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private static string Numbered(int number) =>
        $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: numbered}}\ndata: {{count: \"{number}\"}}\n";

    /// <summary>So that a backup has many chunks.</summary>
    private static string Noise() => $"# {Convert.ToHexString(new byte[4_000])}\n";

    private static async Task<IReadOnlyList<JsonNode>> ListAsync(BackupProcesses plane) =>
        [.. (await plane.FindAsync("workload-definitions?limit=500"))!["items"]!.AsArray().Select(static i => i!)];

    private async Task<string> WriteAsync(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllBytesAsync(path, content);
        return path;
    }

    private static async Task FailsAsync(BackupProcesses plane, string message, params string[] arguments)
    {
        var (code, output) = await plane.CliAsync(arguments);
        Assert.That(code, Is.Not.Zero, output);
        Assert.That(output, Does.Contain(message));
    }

    private static async Task<(int Status, string Pointer)> RestoreAsync(
        BackupProcesses plane,
        string passphrase,
        byte[] backup
    )
    {
        using var content = new ByteArrayContent([
            .. Encoding.UTF8.GetBytes($"{{\"passphrase\":\"{passphrase}\"}}\n"),
            .. backup,
        ]);
        content.Headers.ContentType = new("application/vnd.threeport.backup");
        using var answer = await plane.Api.Client.PostAsync(new Uri("/v0/restore", UriKind.Relative), content);
        var body = await answer.Content.ReadFromJsonAsync<JsonNode>();
        return ((int)answer.StatusCode, (string?)body?["errors"]?[0]?["pointer"] ?? "");
    }

    /// <summary>Sends half of it, and then nothing.</summary>
    private sealed class HalfUpload : HttpContent
    {
        private readonly byte[] _line;
        private readonly byte[] _backup;
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HalfUpload(byte[] line, byte[] backup)
        {
            (_line, _backup) = (line, backup);
            Headers.ContentType = new("application/vnd.threeport.backup");
        }

        public void End() => _end.SetException(new IOException("The rest is not sent."));

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_line);
            await stream.WriteAsync(_backup.AsMemory(0, _backup.Length / 2));
            await stream.FlushAsync();
            await _end.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _line.Length + _backup.Length;
            return true;
        }
    }
}
