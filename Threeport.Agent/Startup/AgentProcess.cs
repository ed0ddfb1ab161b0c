using Microsoft.Extensions.Logging;
using Threeport.Agent.Reporting;

namespace Threeport.Agent.Startup;

/// <summary>The agent: one session after another, a new one whenever the credentials for the cluster change.</summary>
internal sealed partial class AgentProcess(AgentOptions options, TimeProvider time, ILogger log)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var source = new ClusterSource(options.Kubeconfig, time);
        var metrics = new AgentMetrics();
        using var api = new ControlPlane(options.Api, options.CaFile, options.Identity, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var connection = source.Read();
        LogStarting(AgentOptions.Version, options.Runtime, connection.Server, options.Api);
        var status = options.Listen is { } port
            ? new StatusEndpoint(port, metrics).RunAsync(stop.Token)
            : Task.Delay(Timeout.Infinite, stop.Token);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await using var session = new Session(options, connection, api, metrics, time, log);
                await RunAsync(session, source, status, stop.Token);
                if (!stop.IsCancellationRequested)
                {
                    LogRotated();
                    connection = source.Read();
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        LogStopped();
    }

    private static async Task RunAsync(
        Session session,
        ClusterSource source,
        Task status,
        CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = session.RunAsync(stop.Token);
        var changed = source.ChangedAsync(stop.Token);
        var first = await Task.WhenAny(running, changed, status);
        await stop.CancelAsync();
        await running;
        if (!cancellationToken.IsCancellationRequested)
        {
            await first;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "threeport-agent {Version} of runtime {Runtime}: looks at {Cluster}, reports to {Api}"
    )]
    private partial void LogStarting(string version, string runtime, Uri cluster, Uri api);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The connection to the cluster has changed; starting over with it"
    )]
    private partial void LogRotated();

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped")]
    private partial void LogStopped();
}
