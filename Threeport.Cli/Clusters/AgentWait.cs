using System.Diagnostics;
using Threeport.Installation;

namespace Threeport.Cli.Clusters;

/// <summary>
/// Waits until the agents of all runtimes are what the control plane is. Its own controllers bring them there; those that were away
/// when it began follow when they are back.
/// </summary>
internal sealed class AgentWait(UpgradeApi api, string? version, TimeSpan limit, Action<string> warn)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    /// <exception cref="InstallationException">One that was connected did not get there.</exception>
    public async Task<string> RunAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        HashSet<string>? awaited = null;
        while (true)
        {
            try
            {
                var agents = await api.AgentsAsync(cancellationToken);
                awaited ??= [.. agents.Where(static a => a.Follows && a.IsConnected).Select(static a => a.Runtime)];
                var behind = agents.Where(a => awaited.Contains(a.Runtime) && a.Version != version).ToList();
                if (version is null || behind.Count == 0)
                {
                    return Done(agents, awaited.Count);
                }

                Require(behind, Stopwatch.GetElapsedTime(start));
                progress($"{string.Join(", ", behind.Select(static a => $"{a.Runtime} is {a.Version}"))}");
            }
            catch (FailureException e) when (Stopwatch.GetElapsedTime(start) < limit)
            {
                progress(e.Message);
            }

            await Task.Delay(Look, cancellationToken);
        }
    }

    private string Done(IReadOnlyList<RuntimeAgent> agents, int followed)
    {
        foreach (var agent in agents.Where(a => a.Version != version && version is not null))
        {
            warn(
                agent switch
                {
                    { IsExternal: true } =>
                        $"{agent.Runtime}: somebody else runs its agent, which is {agent.Version ?? "not known"}; bring it to {version} yourself.",
                    { Pinned: { } image } =>
                        $"{agent.Runtime}: its agent stays at {image}, which the runtime insists on.",
                    _ =>
                        $"{agent.Runtime}: its agent is not connected; it becomes {version} when it is back, by itself.",
                }
            );
        }

        return followed == 0 ? "none is connected" : $"{followed} at {version ?? "whatever the control plane is"}";
    }

    private void Require(List<RuntimeAgent> behind, TimeSpan waited)
    {
        if (waited > limit)
        {
            throw new InstallationException(
                $"to see the agents at {version}",
                $"after {limit.TotalSeconds:0} s {string.Join(", ", behind.Select(static a => $"that of {a.Runtime} is {a.Version}"))}",
                $"`qleetctl describe kubernetes-runtime-instance {behind[0].Runtime}` says what keeps it. The control plane itself is at {version}, and works."
            );
        }
    }
}
