using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Threeport.BackupFormat;

/// <summary>
/// How what follows the header is cut and sealed: a length whose highest bit says that it is the last chunk, the ciphertext, the tag. With
/// each are authenticated the header, its number and whether it is the last, so that none can be left out, moved, or put at the end.
/// </summary>
internal sealed class Chunk : IDisposable
{
    public const int MaxSize = 64 * 1024;
    public const int FrameSize = sizeof(uint);
    public const int TagSize = 16;
    private const uint Last = 0x8000_0000;
    private const int NonceSize = 12;

    private readonly AesGcm _aes;
    private readonly byte[] _associated;
    private readonly byte[] _nonce = new byte[NonceSize];
    private ulong _number;

    public Chunk(BackupHeader header, BackupKey key)
    {
        _aes = new(key.Bytes, TagSize);
        _associated = [.. SHA256.HashData(header.Encoded), .. new byte[sizeof(ulong) + 1]];
    }

    /// <returns>The frame, the ciphertext and the tag.</returns>
    public int Seal(ReadOnlySpan<byte> clear, bool last, Span<byte> sealedChunk)
    {
        BinaryPrimitives.WriteUInt32BigEndian(sealedChunk, (uint)clear.Length | (last ? Last : 0));
        Number(last);
        _aes.Encrypt(
            _nonce,
            clear,
            sealedChunk.Slice(FrameSize, clear.Length),
            sealedChunk.Slice(FrameSize + clear.Length, TagSize),
            _associated
        );
        return FrameSize + clear.Length + TagSize;
    }

    /// <returns>Of a frame the length of the ciphertext, and whether it is the last; null when it is none of ours.</returns>
    public static (int Length, bool Last)? ReadFrame(ReadOnlySpan<byte> frame)
    {
        var value = BinaryPrimitives.ReadUInt32BigEndian(frame);
        return (value & ~Last) <= MaxSize ? ((int)(value & ~Last), (value & Last) != 0) : null;
    }

    /// <param name="text">The ciphertext and the tag.</param>
    /// <param name="last">What the frame says.</param>
    /// <param name="clear">As long as the ciphertext.</param>
    /// <returns>False when it is not what was sealed in this place.</returns>
    public bool Open(ReadOnlySpan<byte> text, bool last, Span<byte> clear)
    {
        Number(last);
        try
        {
            _aes.Decrypt(_nonce, text[..^TagSize], text[^TagSize..], clear, _associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => _aes.Dispose();

    private void Number(bool last)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_nonce.AsSpan(NonceSize - sizeof(ulong)), _number);
        BinaryPrimitives.WriteUInt64BigEndian(_associated.AsSpan(^(sizeof(ulong) + 1)..), _number);
        _associated[^1] = last ? (byte)1 : (byte)0;
        _number++;
    }
}
