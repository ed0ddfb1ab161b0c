using System.Collections.Concurrent;

namespace Threeport.AwsServer.Clusters;

/// <summary>The endpoints of all clusters: each has a port, a certificate authority and an API server behind it.</summary>
internal sealed class ClusterEndpoints(AwsOptions options) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ClusterEndpoint, Task> _open = new();
    private readonly ConcurrentBag<Task> _closing = [];

    /// <summary>Gives it an address at once; it answers from then on.</summary>
    public ClusterEndpoint Open(AwsCluster cluster, Func<string, ClusterIdentity?> admit)
    {
        var endpoint = new ClusterEndpoint(
            options.ClusterHost ?? options.Listen.Host,
            options.Clusters(cluster),
            token => Told(token, admit(token))
        );
        _open[endpoint] = endpoint.StartAsync();
        return endpoint;
    }

    /// <summary>It answers no more. Whether it closed well is seen when all end.</summary>
    public void Close(ClusterEndpoint endpoint)
    {
        if (_open.TryRemove(endpoint, out var started))
        {
            _closing.Add(CloseAsync(endpoint, started));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var endpoint in _open.Keys)
        {
            Close(endpoint);
        }

        await Task.WhenAll(_closing);
    }

    private ClusterIdentity? Told(string token, ClusterIdentity? identity)
    {
        if (identity is not null)
        {
            options.Admitted(token);
        }

        return identity;
    }

    private static async Task CloseAsync(ClusterEndpoint endpoint, Task started)
    {
        await started;
        await endpoint.DisposeAsync();
    }
}
