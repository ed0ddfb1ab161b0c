using System.Collections.Concurrent;

namespace Threeport.Kubernetes;

/// <summary>The clients of a process, one a cluster, so that connections and discovery are shared by all who work on it.</summary>
public sealed class ClusterPool(TimeProvider time, ClusterPolicy policy) : IDisposable
{
    private readonly ConcurrentDictionary<Guid, Entry> _clients = new();

    private sealed record Entry(ClusterConnection Connection, ClusterClient Client);

    /// <returns>The client of a runtime; another one when its connection is another than before.</returns>
    /// <remarks>A client that is replaced may still be in use: it is left to the garbage collector, its idle connections close by themselves.</remarks>
    public ClusterClient Get(Guid runtime, ClusterConnection connection)
    {
        connection = connection with { AllowLoopback = policy.AllowLoopback };
        if (_clients.TryGetValue(runtime, out var entry) && entry.Connection == connection)
        {
            return entry.Client;
        }

        return _clients
            .AddOrUpdate(
                runtime,
                _ => new(connection, new(connection, time: time)),
                (_, known) => known.Connection == connection ? known : new(connection, new(connection, time: time))
            )
            .Client;
    }

    /// <summary>Lets go of a runtime that is no more.</summary>
    public void Forget(Guid runtime) => _clients.TryRemove(runtime, out _);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var entry in _clients.Values)
        {
            entry.Client.Dispose();
        }
    }
}
