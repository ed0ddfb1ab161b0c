using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using NATS.Client.Core;
using Npgsql;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Faults;

/// <summary>
/// F33: each secret that is handed in has a value of its own, everything that goes well and wrong with it is driven at the log level
/// Debug, and then none of the values is in an answer, the log, a message, a metric, a file or, in clear, the database.
/// </summary>
public sealed class SecretTests
{
    private const string Instances = "/v0/kubernetes-runtime-instances";

    /// <summary>A name that is no secret, and must be found wherever we look: or we would look at nothing.</summary>
    private const string Known = "a-runtime-with-secrets";

    private readonly ConcurrentQueue<string> _seen = new();
    private readonly List<string> _canaries = [];
    private string _database = "";
    private NatsServer _nats = null!;
    private HostProcess _host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _nats = await NatsServer.StartAsync();
        _database = await (await Servers.PostgresAsync()).CreateDatabaseAsync();
        _host = await HostProcess.StartAsync(
            ["--database", _database, "--nats", _nats.Url],
            environment: new Dictionary<string, string?> { ["Logging__LogLevel__Default"] = "Debug" }
        );
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _host.DisposeAsync();
        await _nats.DisposeAsync();
    }

    [Test]
    public async Task F33_A_secret_shows_up_nowhere_though_everything_is_logged()
    {
        await using var connection = new NatsConnection(NatsOpts.Default with { Url = _nats.Url });
        var messages = await connection.SubscribeCoreAsync<byte[]>(">");
        await connection.PingAsync();
        await DriveAsync();
        await Eventually.TrueAsync("the runtime's reconciler failed", FailedAsync, TimeSpan.FromSeconds(30));
        await SendAsync(HttpMethod.Get, $"{Instances}/{Known}/events");
        await SendAsync(HttpMethod.Delete, $"{Instances}/{Known}");
        await SendAsync(HttpMethod.Get, "/metrics");
        while (messages.Msgs.TryRead(out var message))
        {
            var headers = string.Join(' ', (message.Headers ?? []).Select(static h => $"{h.Key}={h.Value}"));
            _seen.Enqueue($"message {message.Subject} {headers} {Encoding.UTF8.GetString(message.Data ?? [])}");
        }
        Assert.That(_host.Process.Lines, Has.Count.LessThan(2_000), "all of the log is there");
        Assert.That(
            _host.Process.Lines.Any(static l =>
                l.Contains("dbug", StringComparison.OrdinalIgnoreCase) || l.Contains("Debug", StringComparison.Ordinal)
            ),
            Is.True
        );
        _seen.Enqueue($"log {_host.Log}");
        await ReadDatabaseAsync();
        ReadFiles();
        var admin = (await File.ReadAllTextAsync(Path.Combine(_host.Data, "admin.token"))).Trim();
        Assert.Multiple(() =>
        {
            foreach (var place in new[] { "answer", "message", "log", "table" })
            {
                var looked = _seen.Where(s => s.StartsWith(place, StringComparison.Ordinal));
                Assert.That(looked.Any(static s => s.Contains(Known, StringComparison.Ordinal)), Is.True, place);
            }

            foreach (var canary in _canaries.Append(admin))
            {
                var text = _seen.FirstOrDefault(s => s.Contains(canary, StringComparison.OrdinalIgnoreCase)) ?? "";
                var at = text.IndexOf(canary, StringComparison.OrdinalIgnoreCase);
                Assert.That(
                    at,
                    Is.Negative,
                    () =>
                        $"{canary} is in {text[..Math.Min(40, text.Length)]} … {text[Math.Max(0, at - 300)..(at + canary.Length)]}"
                );
            }
        });
    }

    private async Task DriveAsync()
    {
        await PutAsync("/v0/kubernetes-runtime-definitions/local", new() { ["infraProvider"] = "existing" });
        await PutAsync($"{Instances}/{Known}", Spec(Kubeconfig(Canary("token"))));
        await PutAsync($"{Instances}/{Known}", Spec(Kubeconfig(Canary("another"))));
        await PutAsync($"{Instances}/dry?dryRun=true", Spec(Kubeconfig(Canary("dry"))));
        string[] wrong =
        [
            $"users: [{{user: {{token: {Canary("broken")}",
            Canary("text"),
            $"\"{Canary("quoted")}",
            Kubeconfig(Canary("exec")).Replace("token:", "exec:", StringComparison.Ordinal),
            Kubeconfig(Canary("command"))
                .Replace("token: ", "exec: {command: x, args: [y]}, token: ", StringComparison.Ordinal),
            Kubeconfig(Canary("twice"))
                .Replace("token:", $"token: {Canary("first")}, token:", StringComparison.Ordinal),
            Kubeconfig(Canary("server"))
                .Replace("https://127.0.0.1", $"ftp://{Canary("user")}@127.0.0.1", StringComparison.Ordinal),
        ];
        foreach (var kubeconfig in wrong)
        {
            await PutAsync($"{Instances}/wrong", Spec(kubeconfig));
        }

        await PutAsync(
            $"{Instances}/keys",
            Spec(null, ("certificateKey", Canary("key")), ("connectionToken", Canary("bearer")))
        );
        await PutAsync($"{Instances}/typo", Spec(null, ("kubeconfg", Canary("typo"))));
        var nested = Spec(null);
        nested["kubeconfig"] = new JsonObject { ["token"] = Canary("nested") };
        await PutAsync($"{Instances}/nested", nested);
        var patch = new JsonObject { ["spec"] = new JsonObject { ["kubeconfig"] = Kubeconfig(Canary("patched")) } };
        await SendAsync(
            HttpMethod.Patch,
            $"{Instances}/{Known}",
            JsonContent.Create(patch, new MediaTypeHeaderValue("application/merge-patch+json"))
        );
        await SendAsync(
            HttpMethod.Put,
            $"{Instances}/cut",
            new StringContent($"{{\"spec\": {{\"kubeconfig\": \"{Canary("cut")}", Encoding.UTF8, "application/json")
        );
        foreach (
            var path in new[]
            {
                "",
                $"/{Known}",
                $"/{Known}/history",
                "?sort=spec.kubeconfig",
                "?sort=spec.connectionToken",
            }
        )
        {
            await SendAsync(HttpMethod.Get, Instances + path);
        }

        using var stranger = _host.CreateClient(Canary("stranger"));
        using var refused = await stranger.GetAsync(new Uri(Instances, UriKind.Relative));
        _seen.Enqueue($"answer {refused} {await refused.Content.ReadAsStringAsync()}");
        Assert.That((int)refused.StatusCode, Is.EqualTo(401));
    }

    private string Canary(string what)
    {
        var canary = $"canary{what}{Guid.NewGuid():N}";
        _canaries.Add(canary);
        return canary;
    }

    private static JsonObject Spec(string? kubeconfig, params (string Name, string Value)[] more)
    {
        var spec = new JsonObject { ["kubernetesRuntimeDefinition"] = "local" };
        if (kubeconfig is not null)
        {
            spec["kubeconfig"] = kubeconfig;
        }

        foreach (var (name, value) in more)
        {
            spec[name] = value;
        }

        return spec;
    }

    /// <summary>Of a cluster that nobody is at.</summary>
    private string Kubeconfig(string token) =>
        $$"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: c
              cluster:
                server: "https://127.0.0.1:9"
                certificate-authority-data: {{Convert.ToBase64String(File.ReadAllBytes(_host.CaFile))}}
            users:
            - name: u
              user: {token: {{token}} }
            contexts:
            - name: x
              context: {cluster: c, user: u}
            current-context: x
            """;

    private async Task<bool> FailedAsync()
    {
        var runtime = await _host.Client.GetFromJsonAsync<JsonNode>($"{Instances}/{Known}");
        return EndToEnd.WholeControlPlane.Reason(runtime) is { Length: > 0 } reason
            && reason != "Ready"
            && (long)runtime!["observedGeneration"]! > 0;
    }

    private Task PutAsync(string path, JsonObject spec) =>
        SendAsync(HttpMethod.Put, path, JsonContent.Create(new JsonObject { ["spec"] = spec }));

    private async Task SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        using var answer = await _host.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That((int)answer.StatusCode, Is.LessThan(500), text);
        _seen.Enqueue($"answer {method} {path} {answer.Headers} {text}");
    }

    private async Task ReadDatabaseAsync()
    {
        await using var source = NpgsqlDataSource.Create(_database);
        await using var tables = source.CreateCommand(
            "select quote_ident(table_schema) || '.' || quote_ident(table_name) from information_schema.tables where table_schema = 'threeport' and table_type = 'BASE TABLE'"
        );
        var names = new List<string>();
        await using (var reader = await tables.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                names.Add(reader.GetString(0));
            }
        }

        Assert.That(names, Is.Not.Empty);
        foreach (var name in names)
        {
            await using var rows = source.CreateCommand(
                $"select coalesce(string_agg(t::text, chr(10)), '') from {name} t"
            );
            _seen.Enqueue($"table {name} {await rows.ExecuteScalarAsync()}");
        }
    }

    /// <summary>Of the data folder, but for the files that are there to hold a token, and the one that is locked.</summary>
    private void ReadFiles()
    {
        foreach (var file in Directory.EnumerateFiles(_host.Data, "*", SearchOption.AllDirectories))
        {
            if (Path.GetExtension(file) != ".token" && Path.GetFileName(file) != "lock")
            {
                _seen.Enqueue($"file {file} {File.ReadAllText(file, Encoding.Latin1)}");
            }
        }
    }
}
