using System.Security.Cryptography;

namespace Threeport.BackupFormat;

/// <summary>Writes a backup: the header, then what is written, sealed chunk by chunk. Only <see cref="CompleteAsync"/> makes it a whole one.</summary>
public sealed class SealingStream : OneWayStream
{
    private readonly Stream _file;
    private readonly BackupHeader _header;
    private readonly Chunk _chunk;
    private readonly byte[] _clear = new byte[Chunk.MaxSize];
    private readonly byte[] _sealed = new byte[Chunk.FrameSize + Chunk.MaxSize + Chunk.TagSize];
    private int _filled;
    private bool _begun;
    private bool _complete;

    /// <param name="file">Where to; left open.</param>
    /// <param name="header">Of the backup.</param>
    /// <param name="key">That the header was made with.</param>
    public SealingStream(Stream file, BackupHeader header, BackupKey key)
    {
        (_file, _header) = (file, header);
        _chunk = new(header, key);
    }

    /// <inheritdoc />
    public override bool CanRead => false;

    /// <inheritdoc />
    public override bool CanWrite => true;

    /// <inheritdoc />
    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        ObjectDisposedException.ThrowIf(_complete, this);
        while (buffer.Length > 0)
        {
            if (_filled == _clear.Length)
            {
                await SealAsync(last: false, cancellationToken);
            }

            var count = Math.Min(buffer.Length, _clear.Length - _filled);
            buffer[..count].CopyTo(_clear.AsMemory(_filled));
            _filled += count;
            buffer = buffer[count..];
        }
    }

    /// <inheritdoc />
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Writes the last chunk: there is nothing more.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await SealAsync(last: true, cancellationToken);
        _complete = true;
        await _file.FlushAsync(cancellationToken);
    }

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

    private async Task SealAsync(bool last, CancellationToken cancellationToken)
    {
        if (!_begun)
        {
            await _file.WriteAsync(_header.Encoded, cancellationToken);
            _begun = true;
        }

        var length = _chunk.Seal(_clear.AsSpan(0, _filled), last, _sealed);
        _filled = 0;
        await _file.WriteAsync(_sealed.AsMemory(0, length), cancellationToken);
    }
}
