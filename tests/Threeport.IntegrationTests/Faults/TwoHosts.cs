using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Faults;

/// <summary>Two hosts with both roles as processes, on one database and one broker, whose probes leave a journal.</summary>
internal sealed class TwoHosts : IAsyncDisposable
{
    private readonly string _folder = Machine.TemporaryFolder();
    private readonly NatsServer _nats;

    private TwoHosts(NatsServer nats) => _nats = nats;

    public HostProcess[] Hosts { get; private set; } = [];

    private string JournalFolder => Path.Combine(_folder, "journal");

    public static async Task<TwoHosts> StartAsync()
    {
        var two = new TwoHosts(await NatsServer.StartAsync());
        Directory.CreateDirectory(two.JournalFolder);
        var database = await (await Servers.PostgresAsync()).CreateDatabaseAsync();
        two.Hosts = [await two.StartHostAsync(database), await two.StartHostAsync(database)];
        return two;
    }

    /// <summary>What the passes of both have noted, in the order of the machine's clock.</summary>
    public IReadOnlyList<Entry> Journal() =>
        [.. Directory.GetFiles(JournalFolder).SelectMany(LinesOf).Select(Parse).OrderBy(static e => e.At)];

    public HostProcess HostOf(int process) => Hosts.Single(h => h.Process.Id == process);

    public static async Task PutAsync(HostProcess host, string name, object spec)
    {
        using var answer = await host.Client.PutAsJsonAsync($"/v0/probes/{name}", new { spec });
        Assert.That(answer.IsSuccessStatusCode, Is.True, await answer.Content.ReadAsStringAsync());
    }

    public static async Task ApplyAsync(HostProcess host, IEnumerable<string> names, object spec)
    {
        var resources = names.Select(name => new
        {
            kind = "probe",
            name,
            spec,
        });
        using var answer = await host.Client.PostAsJsonAsync("/v0/apply", new { resources });
        Assert.That(answer.IsSuccessStatusCode, Is.True, await answer.Content.ReadAsStringAsync());
    }

    public static async Task<JsonNode> FindAsync(HostProcess host, string name) =>
        (await host.Client.GetFromJsonAsync<JsonNode>($"/v0/probes/{name}"))!;

    public static bool IsReady(JsonNode probe) =>
        (long)probe["observedGeneration"]! == (long)probe["generation"]!
        && EndToEnd.WholeControlPlane.Reason(probe) == "Ready";

    /// <returns>Those that are not done yet.</returns>
    public static async Task<int> UnreadyAsync(HostProcess host)
    {
        var page = await host.Client.GetFromJsonAsync<JsonNode>("/v0/probes?limit=500");
        return page!["items"]!.AsArray().Count(static p => !IsReady(p!));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Hosts)
        {
            await host.DisposeAsync();
        }

        await _nats.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<HostProcess> StartHostAsync(string database) =>
        HostProcess.StartAsync(
            ["--database", database, "--nats", _nats.Url, "--modules", "probes"],
            environment: new Dictionary<string, string?>
            {
                ["THREEPORT_TEST_JOURNAL"] = JournalFolder,
                // One key ring for both, as installations that share a database have.
                ["Threeport__KeyRing"] = Path.Combine(_folder, "keyring.json"),
            },
            program: "threeport-test-host"
        );

    /// <summary>Whole lines only: the last may be on its way.</summary>
    private static IEnumerable<string> LinesOf(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Entry Parse(string line) =>
        line.Split(' ') is [var what, var name, var epoch, var process, var at]
            ? new(
                what == "begin",
                name,
                long.Parse(epoch, CultureInfo.InvariantCulture),
                int.Parse(process, CultureInfo.InvariantCulture),
                TimeSpan.FromTicks(long.Parse(at, CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick)
            )
            : throw new FormatException(line);

    /// <summary>A line of the journal; the time is the machine's, the same for all processes.</summary>
    internal sealed record Entry(bool IsBegin, string Name, long Epoch, int Process, TimeSpan At);
}
