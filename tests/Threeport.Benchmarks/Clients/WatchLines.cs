namespace Threeport.Benchmarks.Clients;

/// <summary>A watch that was open before what it is to see.</summary>
internal sealed class WatchLines : IDisposable
{
    private readonly Func<CancellationToken, Task<StreamReader>>? _again;
    private StreamReader _lines;

    private WatchLines(StreamReader lines, Func<CancellationToken, Task<StreamReader>>? again) =>
        (_lines, _again) = (lines, again);

    /// <summary>Of our API; what is there already has been read.</summary>
    public static async Task<WatchLines> OfAsync(Side side, string kind, CancellationToken cancellationToken)
    {
        var watch = new WatchLines(await side.StreamAsync($"/v0/watch?kinds={kind}", cancellationToken), again: null);
        await watch.UntilAsync(static line => line == "event: synced", cancellationToken);
        return watch;
    }

    /// <summary>
    /// Of the Kubernetes API: what comes after now. The API server ends a watch that it thinks too slow; then everything comes
    /// again, as it is now.
    /// </summary>
    public static async Task<WatchLines> OfClusterAsync(Side side, string path, CancellationToken cancellationToken)
    {
        var list = await side.ReadAsync($"{path}?limit=1", cancellationToken);
        var from = (string)list["metadata"]!["resourceVersion"]!;
        return new(
            await side.StreamAsync($"{path}?watch=1&resourceVersion={from}", cancellationToken),
            token => side.StreamAsync($"{path}?watch=1&resourceVersion=0", token)
        );
    }

    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public async Task UntilAsync(Func<string, bool> isSeen, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (await _lines.ReadLineAsync(cancellationToken) is { } line)
            {
                if (isSeen(line))
                {
                    return;
                }
            }

            if (_again is null)
            {
                throw new InvalidOperationException("The watch ended.");
            }

            _lines.Dispose();
            _lines = await _again(cancellationToken);
        }
    }

    public void Dispose() => _lines.Dispose();
}
