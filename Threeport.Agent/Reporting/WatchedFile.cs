namespace Threeport.Agent.Reporting;

/// <summary>
/// A small file that others replace: a token, a CA. Read again every few seconds rather than watched, for mounted files change by links
/// being swapped.
/// </summary>
internal sealed class WatchedFile(string path, TimeProvider time)
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(10);

    private volatile string? _text;
    private long _readAt;

    /// <summary>Its text, at most a few seconds old; the last one known while it cannot be read.</summary>
    /// <exception cref="IOException">It could never be read.</exception>
    public async ValueTask<string> ReadAsync(CancellationToken cancellationToken)
    {
        if (_text is { } known && time.GetElapsedTime(Interlocked.Read(ref _readAt)) < Age)
        {
            return known;
        }

        try
        {
            _text = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && _text is not null)
        {
            // In the middle of being replaced.
        }
        finally
        {
            Interlocked.Exchange(ref _readAt, time.GetTimestamp());
        }

        return _text!;
    }

    /// <summary>What was read did not do: look again at once.</summary>
    public void Expire() =>
        Interlocked.Exchange(ref _readAt, time.GetTimestamp() - (long)(Age.TotalSeconds * time.TimestampFrequency));
}
