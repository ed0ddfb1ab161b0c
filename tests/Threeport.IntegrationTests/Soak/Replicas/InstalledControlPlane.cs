using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Threeport.Cli.Configuration;
using Threeport.IntegrationTests.EndToEnd.Installed;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;
using Threeport.Server.Storage;

namespace Threeport.IntegrationTests.Soak.Replicas;

/// <summary>A control plane of replicas that <c>qleetctl up --size ha</c> installs into the cluster of the environment's kubeconfig.</summary>
internal sealed class InstalledControlPlane : ISoaked, IAsyncDisposable
{
    private const string Name = "soak";
    private static readonly TimeSpan UpLimit = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan DownLimit = TimeSpan.FromMinutes(4);

    private readonly string _folder = Machine.TemporaryFolder();
    private readonly string _kubeconfig;
    private readonly List<HttpClient> _clients = [];
    private NpgsqlDataSource? _database;

    private InstalledControlPlane(string kubeconfig) => _kubeconfig = kubeconfig;

    public const string Namespace = $"threeport-{Name}";

    public NpgsqlDataSource Database => _database!;

    /// <param name="kubeconfig">Of the cluster.</param>
    /// <param name="clients">How many will work with it.</param>
    /// <param name="options">More of <c>qleetctl up</c>.</param>
    public static async Task<InstalledControlPlane> StartAsync(
        string kubeconfig,
        int clients,
        params IReadOnlyList<string> options
    )
    {
        var installed = new InstalledControlPlane(kubeconfig);
        try
        {
            string[] up =
            [
                "up",
                "--name",
                Name,
                "--provider",
                "kubernetes",
                "--kubeconfig",
                kubeconfig,
                "--size",
                "ha",
            ];
            await installed.RunAsync(UpLimit, [.. up, .. options]);
            installed._clients.AddRange(Enumerable.Range(0, clients).Select(_ => installed.NewClient()));
            installed._database = await installed.OpenAsync();
            return installed;
        }
        catch
        {
            await installed.DisposeAsync();
            throw;
        }
    }

    public HttpClient ClientOf(int client) => _clients[client % _clients.Count];

    public ClusterClient Cluster() => new(Kubeconfig.Parse(File.ReadAllText(_kubeconfig)));

    public async Task<IReadOnlyList<JsonNode>> ListAsync(string plural)
    {
        var body = await ClientOf(0).GetFromJsonAsync<JsonNode>($"/v0/{plural}?limit=500");
        return [.. body!["items"]!.AsArray().Select(static i => i!)];
    }

    /// <summary>What its pods wrote and what is not settled, for whoever looks for the reason.</summary>
    public async Task<string> LogsAsync()
    {
        var logs = new StringBuilder().AppendLine(await UnsettledAsync());
        foreach (var server in new[] { "api", "controllers", "nats", "postgres" })
        {
            string[] arguments =
            [
                "--namespace",
                Namespace,
                "logs",
                "--prefix",
                "--timestamps",
                "--tail=2000",
                $"--selector=app.kubernetes.io/name={server}",
            ];
            logs.AppendLine(await ClusterListing.TryKubectlAsync(_kubeconfig, arguments));
        }

        return logs.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(static c => c.Dispose());
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        await RunAsync(DownLimit, "down", "--name", Name, "--force", "--yes");
        await RemoveWorkloadsAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> UnsettledAsync()
    {
        var sql = $"""
            select string_agg(line, e'\n') from (
                select row_to_json(r)::text as line from {Tables.ReconcileState} r
                where owner is not null or observed_generation < generation or deleting
                union all select row_to_json(o)::text from {Tables.Outbox} o) unsettled
            """;
        try
        {
            await using var command = Database.CreateCommand(sql);
            return await command.ExecuteScalarAsync() as string ?? "All is settled.";
        }
        catch (NpgsqlException exception)
        {
            // Not instead of what it is to explain.
            return $"What is not settled could not be asked: {exception.Message}";
        }
    }

    /// <summary>A forced end leaves them where they are, and they would be another control plane's the next time.</summary>
    private async Task RemoveWorkloadsAsync()
    {
        using var cluster = Cluster();
        var maps = await cluster.FindResourceAsync("v1", "ConfigMap", CancellationToken.None);
        var query = new ListQuery { Namespace = "default", LabelSelector = "app.kubernetes.io/managed-by=threeport" };
        foreach (var map in (await cluster.ListAsync(maps!, query, CancellationToken.None)).Items)
        {
            await cluster.DeleteAsync(ObjectReference.Of(map), Propagation.Background, null, CancellationToken.None);
        }
    }

    private async Task RunAsync(TimeSpan limit, params IReadOnlyList<string> arguments)
    {
        await using var process = Begin(arguments);
        await process.WaitForExitAsync(limit);
        Assert.That(process.ExitCode, Is.Zero, process.Output);
    }

    /// <summary>Starts <c>upgrade</c> of this control plane, with a passphrase for the backup before it.</summary>
    public ChildProcess BeginUpgrade(params IReadOnlyList<string> options) =>
        Begin(["upgrade", "--name", Name, "--yes", .. options]);

    /// <summary>The tests' own build, or another version that the environment names.</summary>
    private ChildProcess Begin(IReadOnlyList<string> arguments)
    {
        var environment = new Dictionary<string, string?>
        {
            ["THREEPORT_CONFIG"] = Path.Combine(_folder, "config.yaml"),
            ["THREEPORT_BACKUP_PASSPHRASE"] = "a passphrase that nobody guesses",
        };
        return Environment.GetEnvironmentVariable("THREEPORT_QLEETCTL") is { Length: > 0 } other
            ? ChildProcess.Start("qleetctl", other, arguments, environment: environment)
            : ChildProcess.Start(
                "qleetctl",
                "dotnet",
                [Path.Combine(AppContext.BaseDirectory, "qleetctl.dll"), .. arguments],
                environment: environment
            );
    }

    /// <summary>With connections of its own, so that each comes to a replica of its own; one that does not connect is given up early.</summary>
    private HttpClient NewClient()
    {
        var entry = ConfigFile
            .Load(Path.Combine(_folder, "config.yaml"))
            .ControlPlanes.Find(static c => c.Name == Name)!;
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(1),
            PooledConnectionLifetime = TimeSpan.FromSeconds(30),
        };
        handler.SslOptions.ClientCertificates =
        [
            X509Certificate2.CreateFromPem(entry.Certificate, entry.CertificateKey),
        ];
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509Certificate2.CreateFromPem(entry.CaCertificate) },
        };
        return new(handler) { BaseAddress = new(entry.Endpoint) };
    }

    /// <summary>Whichever server is the primary, by the addresses that outlive their pods.</summary>
    private async Task<NpgsqlDataSource> OpenAsync()
    {
        using var cluster = Cluster();
        var passwords = await cluster.FindAsync(new("v1", "Secret", Namespace, "passwords"), CancellationToken.None);
        var hosts = new List<string>();
        foreach (var pod in new[] { "postgres-0", "postgres-1" })
        {
            var service = await cluster.FindAsync(new("v1", "Service", Namespace, pod), CancellationToken.None);
            hosts.Add((string)service!["spec"]!["clusterIP"]!);
        }

        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = string.Join(',', hosts),
            Port = 5432,
            Database = "threeport",
            // The owner of the tables is not shown how the standby is.
            Username = "postgres",
            Password = Encoding.UTF8.GetString(Convert.FromBase64String((string)passwords!["data"]!["superuser"]!)),
            SslMode = SslMode.Require,
            Timeout = 2,
        };
        return new NpgsqlDataSourceBuilder(settings.ConnectionString)
            .BuildMultiHost()
            .WithTargetSession(TargetSessionAttributes.Primary);
    }
}
