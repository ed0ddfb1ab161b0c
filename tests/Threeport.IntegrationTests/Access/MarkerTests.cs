using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using NATS.Client.Core;
using Npgsql;
using Threeport.AwsServer;
using Threeport.IntegrationTests.Aws;
using Threeport.IntegrationTests.EndToEnd;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Access;

/// <summary>
/// Each sensitive field of each kind gets a value of its own that works; then these are looked for, as they are and in base64, in a dump
/// of the database, all messages, the most verbose log, traces, history, events, answers, the cluster's objects and what the command
/// line prints.
/// </summary>
public sealed class MarkerTests
{
    private const string Runtimes = "kubernetes-runtime-instances";
    private const string Accounts = "aws-accounts";
    private const string Clusters = "aws-eks-kubernetes-runtime-instances";

    private static readonly AwsAccountOptions Account = new(
        "123412341234",
        new AwsAccessKey("AKIAMARKEROFAWSKEYID", "marker/of+the/secret+access/key/of/AWS00")
    );

    /// <summary>The places, each with a text that is no secret and must be found there: or nothing was looked at.</summary>
    private static readonly Dictionary<string, string> Places = new()
    {
        ["dump"] = "CREATE TABLE threeport.mt_doc_history",
        ["message"] = $"threeport.{Runtimes}.",
        ["log"] = "\"LogLevel\":\"Trace\"",
        ["trace"] = "/v0/",
        ["cli"] = "kubernetes-runtime-instance",
        ["kubectl"] = "ThreeportWorkload",
        ["answer"] = "\"revision\"",
        ["history"] = "\"actor\"",
        ["events"] = "\"items\"",
    };

    /// <summary>All whose level the host sets.</summary>
    private static readonly string[] Verbose =
    [
        "Default",
        "Microsoft",
        "Microsoft.Hosting.Lifetime",
        "System.Net.Http",
        "Polly",
        "Npgsql",
        "NATS",
        "Marten",
        "FastEndpoints",
    ];

    private readonly ConcurrentQueue<(string Place, string Text)> _seen = new();
    private readonly Dictionary<string, string> _markers = [];
    private readonly string _folder = Machine.TemporaryFolder();
    private readonly ConcurrentQueue<string> _tokens = new();
    private AwsEndpoint _aws = null!;
    private OtlpCollector _collector = null!;
    private NatsServer _nats = null!;
    private WholeControlPlane? _started;
    private string _database = "";

    private WholeControlPlane Whole => _started!;

    [SetUp]
    public async Task StartAsync()
    {
        await PutKindAsync();
        _aws = await AwsEndpoint.StartAsync(
            new()
            {
                Accounts = [Account],
                Clusters = _ => EksControlPlane.BackendOf(Whole.Kubernetes),
                Admitted = _tokens.Enqueue,
            }
        );
        _collector = await OtlpCollector.StartAsync();
        _nats = await NatsServer.StartAsync();
        _database = await (await Servers.PostgresAsync()).CreateDatabaseAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (_started is not null)
        {
            await _started.DisposeAsync();
        }

        await _nats.DisposeAsync();
        await _collector.DisposeAsync();
        await _aws.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task A_sensitive_value_is_nowhere_in_clear()
    {
        await using var connection = new NatsConnection(NatsOpts.Default with { Url = _nats.Url });
        var messages = await connection.SubscribeCoreAsync<byte[]>(">");
        await connection.PingAsync();
        _started = await WholeControlPlane.StartAsync(StartHostAsync);
        await UseAsync();
        Assert.That(
            _markers.Keys,
            Is.EquivalentTo(await SensitiveFieldsAsync()),
            "A field is marked sensitive: this test has to give it a value."
        );
        await LookAsync(messages);
        Assert.Multiple(() =>
        {
            foreach (var (place, known) in Places)
            {
                Assert.That(
                    _seen.Any(s => s.Place == place && s.Text.Contains(known, StringComparison.Ordinal)),
                    place
                );
            }

            foreach (var (field, marker) in _markers)
            {
                Assert.That(Found(marker), Is.Empty, field);
            }
        });
    }

    /// <summary>Everything works with the values, and then something does not.</summary>
    private async Task UseAsync()
    {
        var kubernetes = Whole.Kubernetes;
        await File.WriteAllTextAsync(Path.Combine(_folder, "kubeconfig"), kubernetes.Kubeconfig);
        _markers[$"{Runtimes}.spec.kubeconfig"] = kubernetes.Token!;
        _markers[$"{Runtimes}.spec.connectionToken"] = kubernetes.Token!;
        _markers[$"{Runtimes}.status.kubeconfig"] = kubernetes.Token!;
        await ApplyAsync("by-token", Spec(kubernetes, ("connectionToken", kubernetes.Token!)));
        using var certificate = TestCertificate.Create();
        using var key = certificate.GetRSAPrivateKey()!;
        var pem = key.ExportPkcs8PrivateKeyPem();
        _markers[$"{Runtimes}.spec.certificateKey"] = pem.Split('\n')[5];
        await ApplyAsync(
            "by-key",
            Spec(kubernetes, ("certificate", certificate.ExportCertificatePem()), ("certificateKey", pem))
        );
        await PutAsync("kubernetes-runtime-definitions/kind", new() { ["infraProvider"] = "kind" });
        await ApplyAsync("by-kind", new() { ["kubernetesRuntimeDefinition"] = "kind", ["agent"] = "External" });
        await UseAwsAsync();
        await PutAsync("workload-definitions/note", new() { ["yamlDocument"] = Manifest });
        await PutAsync("workload-instances/note", new() { ["workloadDefinition"] = "note" });
        foreach (
            var (runtime, reason) in new[]
            {
                ("by-token", "Ready"),
                ("by-key", "Forbidden"),
                ("by-kind", "Ready"),
                ("by-eks", "Ready"),
            }
        )
        {
            await Eventually.TrueAsync(
                $"{runtime} is {reason}",
                async () => WholeControlPlane.Reason(await Whole.FindAsync($"{Runtimes}/{runtime}")) == reason,
                TimeSpan.FromSeconds(60)
            );
        }

        // The last part of a token is the end of its signature.
        Assert.That(_tokens, Is.Not.Empty);
        _markers[$"{Clusters}.status.connectionToken"] = _tokens.First()[^40..];
        _markers[$"{Runtimes}.status.connectionToken"] = _tokens.Last()[^40..];
        await Eventually.TrueAsync(
            "the workload is healthy",
            async () => WholeControlPlane.Reason(await Whole.FindAsync("workload-instances/note")) == "Healthy",
            TimeSpan.FromSeconds(60)
        );
    }

    /// <summary>An account whose keys are right, and a cluster in it.</summary>
    private async Task UseAwsAsync()
    {
        var key = Account.AccessKeys[0];
        _markers[$"{Accounts}.spec.accessKeyId"] = key.Id;
        _markers[$"{Accounts}.spec.secretAccessKey"] = key.Secret;
        var spec = new JsonObject
        {
            ["accountId"] = Account.Id,
            ["defaultAccount"] = true,
            ["defaultRegion"] = "eu-central-1",
            ["accessKeyId"] = key.Id,
            ["secretAccessKey"] = key.Secret,
        };
        await ApplyAsync("main", spec, "aws-account", ("accountId", "none"), ("profile", key.Secret));
        await PutAsync("kubernetes-runtime-definitions/eks", new() { ["infraProvider"] = "eks" });
        await ApplyAsync(
            "by-eks",
            new()
            {
                ["kubernetesRuntimeDefinition"] = "eks",
                ["location"] = "Europe:Frankfurt",
                ["agent"] = "External",
            }
        );
    }

    private static string Manifest =>
        """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: note}
            data: {text: nothing secret}
            """;

    private static JsonObject Spec(KubernetesServer kubernetes, params (string Field, string Value)[] more)
    {
        var spec = new JsonObject
        {
            ["kubernetesRuntimeDefinition"] = "local",
            ["agent"] = "External",
            ["apiEndpoint"] = kubernetes.Endpoint,
            ["caCertificate"] = kubernetes.CaCertificate,
        };
        foreach (var (field, value) in more)
        {
            spec[field] = value;
        }

        return spec;
    }

    /// <summary>As a user does it, verbose, first on trial; and then wrong, so that it is refused.</summary>
    private Task ApplyAsync(string name, JsonObject spec) =>
        ApplyAsync(
            name,
            spec,
            "kubernetes-runtime-instance",
            ("apiEndpoint", "ftp://nowhere"),
            ("kubeconfig", $"users: [{{user: {{token: {Whole.Kubernetes.Token}")
        );

    private async Task ApplyAsync(
        string name,
        JsonObject spec,
        string kind,
        params (string Field, string Value)[] wrong
    )
    {
        var file = Path.Combine(_folder, $"{name}.json");
        var resource = new JsonObject
        {
            ["kind"] = kind,
            ["name"] = name,
            ["spec"] = spec,
        };
        await File.WriteAllTextAsync(file, resource.ToJsonString());
        await CliAsync("apply", "-f", file, "--dry-run", "-v");
        Assert.That(await CliAsync("apply", "-f", file, "-v"), Is.Zero);
        foreach (var (field, value) in wrong)
        {
            resource["spec"]![field] = value;
        }

        await File.WriteAllTextAsync(file, resource.ToJsonString());
        Assert.That(await CliAsync("apply", "-f", file, "-v"), Is.Not.Zero);
        Assert.That(await CliAsync("apply", "-f", file, "-v", "-o", "json"), Is.Not.Zero);
    }

    private async Task PutAsync(string path, JsonObject spec)
    {
        using var answer = await Whole.Host.Client.PutAsJsonAsync($"/v0/{path}", new JsonObject { ["spec"] = spec });
        _seen.Enqueue(("answer", await answer.Content.ReadAsStringAsync()));
        Assert.That(answer.IsSuccessStatusCode, path);
    }

    private async Task<int> CliAsync(params string[] arguments)
    {
        var (code, output) = await Whole.Host.CliAsync(arguments);
        _seen.Enqueue(("cli", output));
        return code;
    }

    private async Task LookAsync(INatsSub<byte[]> messages)
    {
        foreach (var plural in new[] { Runtimes, Accounts, Clusters })
        {
            await LookAsync(plural);
        }

        await CliAsync("tree", "workload-instance", "note", "-v");
        await CliAsync("audit", "-v", "-o", "json");
        await KubectlAsync();
        await DumpAsync();
        while (messages.Msgs.TryRead(out var message))
        {
            var headers = string.Join(' ', (message.Headers ?? []).Select(static h => $"{h.Key}={h.Value}"));
            _seen.Enqueue(("message", $"{message.Subject} {headers} {Encoding.UTF8.GetString(message.Data ?? [])}"));
        }

        // Stopped, so that the last spans are exported, too.
        Assert.That(await Whole.Host.StopAsync(), Is.Zero);
        _seen.Enqueue(("log", Whole.Host.Log));
        foreach (var export in _collector.Exports)
        {
            _seen.Enqueue(("trace", export));
        }
    }

    private async Task LookAsync(string plural)
    {
        foreach (var resource in await Whole.ListAsync(plural))
        {
            var name = (string)resource["name"]!;
            foreach (var part in new[] { "history", "events" })
            {
                var path = new Uri($"/v0/{plural}/{name}/{part}", UriKind.Relative);
                _seen.Enqueue((part, await Whole.Host.Client.GetStringAsync(path)));
            }

            _seen.Enqueue(("answer", resource.ToJsonString()));
            await CliAsync("describe", plural, name, "-v");
            await CliAsync("history", plural, name, "-v");
            await CliAsync("get", plural, name, "-v", "-o", "yaml");
        }

        await CliAsync("get", plural, "-v", "-o", "json");
    }

    /// <summary>All objects of the cluster, ours among them.</summary>
    private async Task KubectlAsync()
    {
        var config = Path.Combine(_folder, "kubeconfig");
        var kubectl = Path.Combine(Machine.KubernetesBinaries!, "kubectl");
        var types = await ChildProcess.RunAsync(
            kubectl,
            ["--kubeconfig", config, "api-resources", "--verbs=list", "-o", "name"]
        );
        var all = string.Join(',', types.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        _seen.Enqueue(
            ("kubectl", await ChildProcess.RunAsync(kubectl, ["--kubeconfig", config, "get", all, "-A", "-o", "yaml"]))
        );
    }

    private async Task DumpAsync()
    {
        var server = new NpgsqlConnectionStringBuilder(_database);
        var url =
            $"postgresql://{server.Username}:{Uri.EscapeDataString(server.Password ?? "")}@/{server.Database}?host={Uri.EscapeDataString(server.Host!)}&port={server.Port}";
        var dump = Path.Combine(_folder, "dump.sql");
        await ChildProcess.RunAsync(Path.Combine(Machine.PostgresBinaries!, "pg_dump"), ["--file", dump, url]);
        _seen.Enqueue(("dump", await File.ReadAllTextAsync(dump)));
    }

    private async Task<IEnumerable<string>> SensitiveFieldsAsync()
    {
        var kinds = await Whole.Host.Client.GetFromJsonAsync<JsonArray>("/v0/kinds");
        return
        [
            .. kinds!.SelectMany(static kind =>
                new[] { "spec", "status" }.SelectMany(part =>
                    (kind!["schema"]!["properties"]![part]?["properties"] as JsonObject ?? [])
                        .Where(static p => (bool?)p.Value?["x-threeport-sensitive"] is true)
                        .Select(p => $"{kind["plural"]}.{part}.{p.Key}")
                )
            ),
        ];
    }

    /// <summary>Where the value is, with what is around it.</summary>
    private IEnumerable<string> Found(string marker)
    {
        var forms = new[] { "", "a", "ab" }
            .Select(before => Convert.ToBase64String(Encoding.UTF8.GetBytes(before + marker))[4..^4])
            .Append(marker);
        return from form in forms
            from seen in _seen
            let at = seen.Text.IndexOf(form, StringComparison.OrdinalIgnoreCase)
            where at >= 0
            select $"{seen.Place}: …{seen.Text[Math.Max(0, at - 200)..Math.Min(seen.Text.Length, at + form.Length)]}";
    }

    private Task<HostProcess> StartHostAsync() =>
        HostProcess.StartAsync(
            ["--database", _database, "--nats", _nats.Url],
            environment: new Dictionary<string, string?>(
                EksControlPlane
                    .Environment(_aws)
                    .Concat(
                        Verbose.Select(static c => KeyValuePair.Create($"Logging__LogLevel__{c}", (string?)"Trace"))
                    )
            )
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Endpoint,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}",
            },
            keptLines: int.MaxValue
        );

    /// <summary>A <c>kind</c> whose clusters are all the one that there is.</summary>
    private async Task PutKindAsync()
    {
        var file = Path.Combine(_folder, "kind");
        await File.WriteAllTextAsync(
            file,
            """
            #!/bin/sh
            here=$(dirname "$0")
            case "$1 $2" in
            "get clusters") cat "$here/made" 2>/dev/null || true ;;
            "get kubeconfig") cat "$here/kubeconfig" ;;
            "create cluster") echo "$4" > "$here/made" ;;
            "delete cluster") rm -f "$here/made" ;;
            esac
            """
        );
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
