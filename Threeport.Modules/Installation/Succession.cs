using System.Text.Json.Nodes;
using Threeport.Kubernetes;

namespace Threeport.Installation;

/// <summary>
/// Replaces the pods of a server that are not as its StatefulSet says, one at a time. Only who knows what a quorum and a primary are
/// can say which goes next and when: the next goes when all are well, the primary last.
/// </summary>
internal sealed class Succession(
    ClusterClient cluster,
    string ns,
    string server,
    TimeSpan limit,
    Action<string> progress,
    TimeProvider time
)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>The primary finds out within two of its rounds, of 2 s, that its standby is not what it was.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    private readonly NewestPods _pods = new(cluster, ns);
    private readonly ObjectReference _set = new("apps/v1", "StatefulSet", ns, server);

    /// <exception cref="InstallationException">One does not become well in time, or never will; the others were left alone.</exception>
    public async Task RunAsync(string advice, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            var set = await cluster.FindAsync(_set, cancellationToken);
            var turn = Turn.Of(set, await _pods.AllAsync(server, cancellationToken));
            if (turn.IsDone)
            {
                return;
            }

            if (await ChooseAsync(turn, set, cancellationToken) is { } pod)
            {
                await ReplaceAsync(pod, cancellationToken);
                since = time.GetTimestamp();
                continue;
            }

            var state = turn.Waits ?? "the standby is not in step with the primary yet";
            var wrong = await _pods.WrongAsync(set, server, cancellationToken);
            if (wrong is not null || time.GetElapsedTime(since) > limit)
            {
                var got = wrong ?? $"after {limit.TotalSeconds:0} s {state}";
                throw new InstallationException($"to start {_set}", got, advice);
            }

            progress(state);
            await Task.Delay(Look, time, cancellationToken);
        }
    }

    /// <returns>The one that may go now; null when none may.</returns>
    private async Task<JsonObject?> ChooseAsync(Turn turn, JsonObject? set, CancellationToken cancellationToken)
    {
        if (turn.Waits is not null || turn.Broken is not null || server != "postgres")
        {
            return turn.Waits is not null ? null : turn.Broken ?? turn.Next(primary: null);
        }

        var hasStandby = (set!["spec"]?["replicas"]?.GetValue<int>() ?? 1) > 1;
        if (hasStandby && !await StaysInStepAsync(cancellationToken))
        {
            return null;
        }

        return turn.Next(await NoteAsync("postgres-leader", "leader", cancellationToken));
    }

    /// <summary>Gone means gone: until then its replacement is not made.</summary>
    private async Task ReplaceAsync(JsonObject pod, CancellationToken cancellationToken)
    {
        var reference = ObjectReference.Of(pod);
        var uid = pod["metadata"]!["uid"]!.GetValue<string>();
        progress($"{reference.Name} is replaced");
        await cluster.DeleteAsync(reference, Propagation.Background, uid, cancellationToken);
        var start = time.GetTimestamp();
        while (
            await cluster.FindAsync(reference, cancellationToken, metadataOnly: true) is { } there
            && there["metadata"]!["uid"]!.GetValue<string>() == uid
        )
        {
            if (time.GetElapsedTime(start) > limit)
            {
                throw new InstallationException(
                    $"to replace {reference}",
                    $"it was still there after {limit.TotalSeconds:0} s",
                    $"kubectl --namespace {ns} describe pod {reference.Name}: its node may be gone."
                );
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }

    /// <summary>The standby has all that was answered, and still has when the primary must have noticed that it had not.</summary>
    private async Task<bool> StaysInStepAsync(CancellationToken cancellationToken)
    {
        if (!await IsInStepAsync(cancellationToken))
        {
            return false;
        }

        await Task.Delay(Settle, time, cancellationToken);
        return await IsInStepAsync(cancellationToken);
    }

    private async Task<bool> IsInStepAsync(CancellationToken cancellationToken) =>
        await NoteAsync("postgres-sync", "sync_standby", cancellationToken) is { Length: > 0 };

    /// <summary>What Patroni keeps in the cluster.</summary>
    private async Task<string?> NoteAsync(string map, string name, CancellationToken cancellationToken)
    {
        var found = await cluster.FindAsync(new("v1", "ConfigMap", ns, map), cancellationToken, metadataOnly: true);
        return found?["metadata"]?["annotations"]?[name]?.GetValue<string>();
    }
}
