using Microsoft.Extensions.Logging;
using Threeport.Agent.Startup;
using Threeport.Agent.Workloads;
using Threeport.Kubernetes;

namespace Threeport.Agent.Reporting;

/// <summary>The sign of life, every half minute; also when the cluster is away, for then it says that.</summary>
internal sealed partial class Heartbeat(
    string runtime,
    ClusterClient cluster,
    ClusterView view,
    ControlPlane api,
    TimeProvider time,
    ILogger log
)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private string? _problem;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await api.PutAsync(await ObserveAsync(cancellationToken), cancellationToken);
            Note(answer);
            // A control plane that was away shall hear of us soon; the deadline on its side is three intervals.
            var pause = answer.IsDone ? Interval : Interval / 6;
            await Task.Delay(pause * (0.9 + (Random.Shared.NextDouble() / 10)), time, cancellationToken);
        }
    }

    private async Task<RuntimeObservationSpec> ObserveAsync(CancellationToken cancellationToken)
    {
        var (workloads, objects) = view.Counts;
        return new()
        {
            KubernetesRuntimeInstance = runtime,
            AgentVersion = AgentOptions.Version,
            SeenAt = time.GetUtcNow(),
            Version = await OrNullAsync(async () => await cluster.VersionAsync(cancellationToken)),
            Nodes = await NodesAsync(cancellationToken),
            Workloads = workloads,
            Objects = objects,
        };
    }

    private async Task<int?> NodesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await cluster.FindResourceAsync("v1", "Node", cancellationToken) is { } nodes
                ? await cluster.CountAsync(nodes, cancellationToken)
                : null;
        }
        catch (KubernetesException)
        {
            return null;
        }
    }

    /// <summary>What the cluster does not say is left out of the sign of life.</summary>
    private static async Task<string?> OrNullAsync(Func<Task<string>> ask)
    {
        try
        {
            return await ask();
        }
        catch (KubernetesException)
        {
            return null;
        }
    }

    private void Note(Answer answer)
    {
        var problem = answer.IsDone ? null : answer.Message;
        if (problem is not null && problem != _problem)
        {
            LogRefused(problem);
        }

        _problem = problem;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sign of life did not get through: {Why}")]
    private partial void LogRefused(string why);
}
