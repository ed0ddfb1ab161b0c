using Microsoft.Extensions.Logging;
using Threeport.Agent.Reporting;
using Threeport.Agent.Startup;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.Agent;

/// <summary>An agent in this process, between a real Kubernetes API server and a control plane that records.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    public const string Runtime = "test-runtime";

    private readonly string _folder = Machine.TemporaryFolder();
    private readonly CancellationTokenSource _stop = new();
    private readonly StringWriter _output = new();
    private ControlPlane? _api;
    private Session? _session;
    private Task _running = Task.CompletedTask;

    private RunningAgent(RecordingControlPlane reports, RecordingProxy proxy)
    {
        Reports = reports;
        Proxy = proxy;
    }

    public RecordingControlPlane Reports { get; }

    public RecordingProxy Proxy { get; }

    public AgentMetrics Metrics { get; } = new();

    public string TokenFile => Path.Combine(_folder, "token");

    /// <summary>What it logged, once it has stopped.</summary>
    public string Log => _output.ToString();

    public static async Task<RunningAgent> StartAsync(ClusterConnection connection)
    {
        var agent = new RunningAgent(
            await RecordingControlPlane.StartAsync(),
            await RecordingProxy.StartAsync(connection)
        );
        await File.WriteAllTextAsync(agent.TokenFile, "agent-token\n");
        agent.Start();
        return agent;
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _session!.DisposeAsync();
        _api!.Dispose();
        await Reports.DisposeAsync();
        await Proxy.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Start()
    {
        var options = new AgentOptions
        {
            Api = Reports.Address,
            Runtime = Runtime,
            Scope = AgentScope.Of(null),
            Identity = new(null, null, TokenFile),
        };
        ILogger log = new ConsoleLog(_output, isTerminal: false, TimeProvider.System);
        _api = new(options.Api, options.CaFile, options.Identity, TimeProvider.System);
        _session = new(options, Proxy.Connection, _api, Metrics, TimeProvider.System, log);
        _running = _session.RunAsync(_stop.Token);
    }
}
