using System.Text.Json.Nodes;
using Threeport.Cli.Connection;
using Threeport.Cli.Kinds;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary>Waits for resources with the server's watch, and says meanwhile what is waited for.</summary>
internal sealed class ReadyWait
{
    /// <summary>What is waited for.</summary>
    internal enum Goal
    {
        Ready,
        Deleted,
    }

    private readonly Session _session;
    private readonly Goal _goal;
    private readonly Dictionary<string, (string Status, string Message, bool Reached)> _states = new(
        StringComparer.Ordinal
    );
    private readonly List<string> _order;
    private int _drawn;

    private ReadyWait(Session session, IEnumerable<string> resources, Goal goal)
    {
        (_session, _goal, _order) = (session, goal, [.. resources]);
        // What is not told of is not there: that is what a deletion is waited for.
        _order.ForEach(r => _states[r] = goal is Goal.Deleted ? ("Deleting", "", false) : ("Pending", "", false));
    }

    /// <returns>0 when all have come to it; 2 when not in time, with the reason of each on standard error.</returns>
    public static async Task<int> UntilAsync(
        Session session,
        IReadOnlyList<(Kind Kind, string Name)> resources,
        Goal goal,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        var wait = new ReadyWait(session, resources.Select(static r => $"{r.Kind.Singular}/{r.Name}").Distinct(), goal);
        var kinds = string.Join(',', resources.Select(static r => r.Kind.Plural).Distinct());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            while (!wait.IsDone)
            {
                await wait.FollowAsync($"/v0/watch?kinds={kinds}", limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return wait.Fail(timeout);
        }

        return ExitCode.Done;
    }

    private bool IsDone => _states.Values.All(static s => s.Reached);

    private async Task FollowAsync(string path, CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var change in _session.Client.WatchAsync(path, cancellationToken))
        {
            if (change.Name == "synced")
            {
                foreach (var gone in _order.Where(r => !seen.Contains(r)))
                {
                    Set(gone, "Gone", "", _goal is Goal.Deleted);
                }
            }
            else if (change.Data is JsonObject data)
            {
                seen.Add(Told(change, data));
            }

            if (IsDone)
            {
                return;
            }
        }

        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
    }

    private string Told(ServerEvent change, JsonObject data)
    {
        var name = $"{data["kind"].Text()}/{data["name"].Text()}";
        if (_states.ContainsKey(name))
        {
            if (change.Name == "deleted")
            {
                Set(name, "Gone", "", _goal is Goal.Deleted);
            }
            else
            {
                var reached = _goal is Goal.Ready && Json.IsReady(data);
                Set(name, Json.Field(data, "status"), Json.Field(data, "message"), reached);
            }
        }

        return name;
    }

    private void Set(string resource, string status, string message, bool reached)
    {
        if (_states[resource] == (status, message, reached))
        {
            return;
        }

        _states[resource] = (status, message, reached);
        var terminal = _session.Terminal;
        if (!terminal.ErrorIsInteractive)
        {
            terminal.Error.WriteLine(Line(resource));
            return;
        }

        if (_drawn > 0)
        {
            terminal.Error.Write($"\e[{_drawn}A");
        }

        _order.ForEach(r => terminal.Error.WriteLine($"\e[2K{Line(r)}"));
        _drawn = _order.Count;
    }

    private string Line(string resource)
    {
        var (status, message, reached) = _states[resource];
        var mark = reached ? "✓" : "…";
        var line = $"{mark} {resource, -40}  {status}  {message}".TrimEnd();
        return line.Length > _session.Terminal.Width ? line[..(_session.Terminal.Width - 1)] + "…" : line;
    }

    private int Fail(TimeSpan timeout)
    {
        foreach (var (resource, (status, message, _)) in _states.Where(static s => !s.Value.Reached))
        {
            var wanted = _goal is Goal.Ready ? "ready" : "gone";
            _session.Terminal.Error.WriteLine(
                $"Error: {resource} is not {wanted} after {Age.Of(timeout)}: {status} {message}".TrimEnd()
            );
        }

        return ExitCode.NotReady;
    }
}
