using System.Net;
using Threeport.Benchmarks.Clients;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.Benchmarks.Servers;

/// <summary>The threeport that is shipped, on a data folder and a port of its own.</summary>
internal sealed class ControlPlane : IAsyncDisposable
{
    private readonly string _program;
    private readonly IReadOnlyList<string> _arguments;
    private ChildProcess? _process;
    private Side? _side;

    private ControlPlane(string program, string data, string roles, IReadOnlyList<string> more)
    {
        _program = program;
        Data = data;
        Address = new($"https://127.0.0.1:{Ports.Next()}");
        _arguments = ["--data", data, "--listen", Address.GetLeftPart(UriPartial.Authority), "--roles", roles, .. more];
    }

    public Uri Address { get; }

    public string Data { get; }

    public string CaFile => Path.Combine(Data, "ca.crt");

    public string TokenFile => Path.Combine(Data, "admin.token");

    public int Process => _process!.Id;

    public Side Side => _side ??= new Side("threeport", Address, CaFile, TokenFile);

    /// <summary>Of the PostgreSQL that it runs itself.</summary>
    public string Database(string name) =>
        $"Host={Path.Combine(Data, "postgres")};Username=threeport;Password={File.ReadAllText(Path.Combine(Data, "postgres.password")).Trim()};Database={name}";

    public static async Task<ControlPlane> StartAsync(
        string program,
        string data,
        string roles,
        IReadOnlyList<string> more,
        CancellationToken cancellationToken
    )
    {
        var started = new ControlPlane(program, data, roles, more);
        try
        {
            started.Launch();
            await started.ReadyAsync(cancellationToken);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public void Launch() => _process = ChildProcess.Start("threeport", _program, _arguments);

    /// <summary>In order, as a supervisor does it.</summary>
    public async Task StopAsync()
    {
        _process!.Signal(15);
        await _process.WaitForExitAsync(TimeSpan.FromSeconds(40));
    }

    public async ValueTask DisposeAsync()
    {
        _side?.Dispose();
        if (_process is not null)
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

        Directory.Delete(Data, recursive: true);
    }

    private Task ReadyAsync(CancellationToken cancellationToken) =>
        Ready.WhenAsync(
            "threeport is ready",
            async token =>
                File.Exists(CaFile)
                && File.Exists(TokenFile)
                && await Side.StatusAsync("/readyz", token) is HttpStatusCode.OK,
            TimeSpan.FromSeconds(60),
            TimeSpan.FromMilliseconds(50),
            _process,
            cancellationToken
        );
}
