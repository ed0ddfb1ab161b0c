using System.Security.Cryptography;

namespace Threeport.BackupFormat;

/// <summary>
/// Reads what a backup holds. Nothing is given out that was not authenticated, and it does not end but after the last chunk: whoever has read
/// to its end has read all that was written.
/// </summary>
public sealed class OpeningStream : OneWayStream
{
    private readonly Stream _file;
    private readonly Chunk _chunk;
    private readonly byte[] _text = new byte[Chunk.MaxSize + Chunk.TagSize];
    private readonly byte[] _clear = new byte[Chunk.MaxSize];
    private readonly byte[] _frame = new byte[Chunk.FrameSize];
    private long _at;
    private int _next;
    private int _filled;
    private bool _last;

    /// <param name="file">Where the header has been read from; left open.</param>
    /// <param name="header">That was read.</param>
    /// <param name="key">Of it.</param>
    public OpeningStream(Stream file, BackupHeader header, BackupKey key)
    {
        _file = file;
        _chunk = new(header, key);
        _at = header.Encoded.Length;
    }

    /// <inheritdoc />
    public override bool CanRead => true;

    /// <inheritdoc />
    public override bool CanWrite => false;

    /// <inheritdoc />
    /// <exception cref="BackupException">It is cut off, or was changed.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_next == _filled)
        {
            if (_last)
            {
                return 0;
            }

            await NextAsync(cancellationToken);
        }

        var count = Math.Min(buffer.Length, _filled - _next);
        _clear.AsMemory(_next, count).CopyTo(buffer);
        _next += count;
        return count;
    }

    /// <inheritdoc />
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _chunk.Dispose();
            CryptographicOperations.ZeroMemory(_clear);
        }

        base.Dispose(disposing);
    }

    private async Task NextAsync(CancellationToken cancellationToken)
    {
        var begin = _at;
        await FillAsync(_frame, cancellationToken);
        if (Chunk.ReadFrame(_frame) is not var (length, last))
        {
            throw Changed(begin);
        }

        var text = _text.AsMemory(0, length + Chunk.TagSize);
        await FillAsync(text, cancellationToken);
        if (!_chunk.Open(text.Span, last, _clear.AsSpan(0, length)))
        {
            throw Changed(begin);
        }

        (_next, _filled, _last) = (0, length, last);
        if (last && await _file.ReadAsync(_frame, cancellationToken) > 0)
        {
            throw new BackupException($"The backup was changed: it goes on after its end, at byte {_at}.");
        }
    }

    private async Task FillAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await _file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        _at += read;
        if (read < buffer.Length)
        {
            throw new BackupException($"The backup is cut off: it ends after {_at} bytes, and not where it was to.");
        }
    }

    private static BackupException Changed(long at) =>
        new($"The backup was changed: what follows byte {at} is not what was written there.");
}
