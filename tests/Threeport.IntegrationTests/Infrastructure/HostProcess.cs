using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using Threeport.Cli.Configuration;

namespace Threeport.IntegrationTests.Infrastructure;

/// <summary>
/// The <c>threeport</c> process as it is installed, on a data folder and a port of its own. Without <c>database</c> and
/// <c>nats</c> it starts its own.
/// </summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly IReadOnlyList<string> _arguments;
    private readonly IReadOnlyDictionary<string, string?> _environment;
    private readonly bool _ownsData;
    private readonly string _program;
    private readonly int _keptLines;
    private ChildProcess? _process;
    private HttpClient? _client;

    private HostProcess(
        string data,
        bool ownsData,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string?> environment,
        string program,
        int keptLines
    )
    {
        _program = program;
        _keptLines = keptLines;
        Data = data;
        _ownsData = ownsData;
        _arguments = arguments;
        _environment = environment;
        Address = new($"https://127.0.0.1:{Machine.FreePort()}");
    }

    /// <summary>The data folder.</summary>
    public string Data { get; }

    /// <summary>Where the API is.</summary>
    public Uri Address { get; }

    /// <summary>What it has written since it was last started.</summary>
    public string Log => _process!.Output;

    public ChildProcess Process => _process!;

    /// <summary>A client as the administrator, that trusts the installation's CA and nothing else.</summary>
    public HttpClient Client => _client ??= CreateClient(File.ReadAllText(Path.Combine(Data, "admin.token")).Trim());

    public string CaFile => Path.Combine(Data, "ca.crt");

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="arguments">More arguments: <c>--modules</c>, <c>--database</c>, …</param>
    /// <param name="data">A data folder that is there; null for a new one.</param>
    /// <param name="environment">More of it.</param>
    /// <param name="program">The host as it is, or that of the tests, which has probes.</param>
    /// <param name="keptLines">How much of its log is kept.</param>
    public static async Task<HostProcess> StartAsync(
        IReadOnlyList<string>? arguments = null,
        string? data = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        string program = "threeport",
        int keptLines = 2_000
    )
    {
        var host = Create(arguments, data, environment, program, keptLines);
        try
        {
            await host.StartAgainAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Not started yet.</summary>
    public static HostProcess Create(
        IReadOnlyList<string>? arguments = null,
        string? data = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        string program = "threeport",
        int keptLines = 2_000
    ) =>
        new(
            data ?? Machine.TemporaryFolder(),
            data is null,
            arguments ?? [],
            environment ?? new Dictionary<string, string?>(),
            program,
            keptLines
        );

    /// <summary>As somebody at a command line, with this control plane as the current one.</summary>
    /// <returns>The exit code, and all that was written.</returns>
    public async Task<(int Code, string Output)> CliAsync(params string[] arguments)
    {
        var file = Path.Combine(Data, "cli", "config.yaml");
        var config = ConfigFile.Load(file);
        config.Set(
            new("test", Address.GetLeftPart(UriPartial.Authority))
            {
                CaCertificate = await File.ReadAllTextAsync(CaFile),
                TokenFile = Path.Combine(Data, "admin.token"),
            }
        );
        config.Current = "test";
        config.Save();
        await using var cli = ChildProcess.Start(
            "qleetctl",
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "qleetctl.dll"), .. arguments],
            environment: new Dictionary<string, string?> { ["THREEPORT_CONFIG"] = file },
            keptLines: _keptLines
        );
        await cli.WaitForExitAsync(TimeSpan.FromSeconds(60));
        return (cli.ExitCode, cli.Output);
    }

    /// <summary>A client with another token, or with none.</summary>
    public HttpClient CreateClient(string? token)
    {
        var trusted = X509CertificateLoader.LoadCertificateFromFile(CaFile);
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(30) };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { trusted },
        };
        var client = new HttpClient(handler) { BaseAddress = Address };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return client;
    }

    /// <summary>Starts it, again after a stop or a kill, on the same folder and port; returns when it is ready.</summary>
    public async Task StartAgainAsync()
    {
        Launch();
        await ReadyAsync();
    }

    /// <summary>Starts it and does not wait.</summary>
    public void Launch() =>
        _process = ChildProcess.Start(
            "threeport",
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, $"{_program}.dll"),
                "--data",
                Data,
                "--listen",
                Address.GetLeftPart(UriPartial.Authority),
                .. _arguments,
            ],
            environment: _environment,
            keptLines: _keptLines
        );

    public Task ReadyAsync() =>
        Eventually.TrueAsync(
            "threeport is ready",
            async () =>
            {
                if (_process!.HasExited)
                {
                    throw new AssertionException($"threeport ended with {_process.ExitCode}:\n{_process.Output}");
                }

                if (!File.Exists(CaFile))
                {
                    return false;
                }

                using var client = CreateClient(token: null);
                using var answer = await client.GetAsync(new Uri("/readyz", UriKind.Relative));
                return answer.IsSuccessStatusCode
                    ? true
                    : throw new InvalidOperationException(
                        $"/readyz: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}\n{_process.Output}"
                    );
            },
            StartLimit
        );

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => _process!.KillAsync();

    /// <summary>SIGTERM.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        _process!.Signal(PosixSignal.SIGTERM);
        await _process.WaitForExitAsync(StopLimit);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_process is { HasExited: false })
        {
            try
            {
                await StopAsync();
            }
            finally
            {
                await _process.DisposeAsync();
            }
        }

        if (_ownsData)
        {
            Directory.Delete(Data, recursive: true);
        }
    }
}
