using System.Runtime.CompilerServices;

namespace Threeport.Server.Watching;

/// <summary>Takes together what is there already, and waits for nothing more.</summary>
internal static class AvailableChunks
{
    /// <param name="source">Where items come from.</param>
    /// <param name="most">The longest chunk.</param>
    /// <param name="cancellationToken">Stops the source too.</param>
    public static async IAsyncEnumerable<IReadOnlyList<T>> InChunks<T>(
        this IAsyncEnumerable<T> source,
        int most,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var items = source.GetAsyncEnumerator(stop.Token);
        var next = items.MoveNextAsync().AsTask();
        try
        {
            while (await next)
            {
                var chunk = new List<T> { items.Current };
                next = items.MoveNextAsync().AsTask();
                while (chunk.Count < most && next.IsCompletedSuccessfully && await next)
                {
                    chunk.Add(items.Current);
                    next = items.MoveNextAsync().AsTask();
                }

                yield return chunk;
            }
        }
        finally
        {
            // Whoever listens may leave in between; an enumerator must be at rest before it can be disposed of.
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
