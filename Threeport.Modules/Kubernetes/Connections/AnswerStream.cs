namespace Threeport.Kubernetes;

/// <summary>
/// An answer of a cluster, which may be anybody's: so much and no more. It is counted once it is unpacked, for what comes packed is small.
/// </summary>
internal sealed class AnswerStream(Stream answer) : Stream
{
    /// <summary>A page of five hundred objects of 64 KiB, which few have.</summary>
    public const int MaximumMebibytes = 32;

    private int _left = MaximumMebibytes * 1024 * 1024;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>What was read so far is done with.</summary>
    public void Renew() => _left = MaximumMebibytes * 1024 * 1024;

    /// <exception cref="IOException">It is too much.</exception>
    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    ) => Counted(await answer.ReadAsync(buffer, cancellationToken));

    /// <exception cref="IOException">It is too much.</exception>
    public override int Read(byte[] buffer, int offset, int count) => Counted(answer.Read(buffer, offset, count));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            answer.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Counted(int read) =>
        (_left -= read) >= 0 ? read : throw new IOException($"an answer of more than {MaximumMebibytes} MiB");
}
