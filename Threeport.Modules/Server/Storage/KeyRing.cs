using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Threeport.Server.Storage;

/// <summary>
/// The keys that sensitive values are encrypted with at rest: one that encrypts, and those before it that only decrypt. A
/// value is <c>v1.&lt;key id&gt;.&lt;base64url of nonce, ciphertext and tag&gt;</c> (AES-256-GCM); the field that it belongs to is
/// authenticated with it, so that a ciphertext cannot be moved to another field.
/// </summary>
internal sealed class KeyRing
{
    private const string Version = "v1";
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private readonly Dictionary<string, byte[]> _keys;
    private readonly string _active;

    private KeyRing(string active, Dictionary<string, byte[]> keys)
    {
        _active = active;
        _keys = keys;
    }

    /// <summary>Reads the key ring's file, or makes it, readable by its owner alone.</summary>
    public static KeyRing Open(string path)
    {
        if (!File.Exists(path))
        {
            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
            var made = new KeyRingFile(id, new() { [id] = RandomNumberGenerator.GetBytes(32) });
            WriteNew(path, JsonSerializer.SerializeToUtf8Bytes(made));
        }

        var file =
            JsonSerializer.Deserialize<KeyRingFile>(File.ReadAllBytes(path))
            ?? throw new InvalidDataException($"The key ring {path} is empty.");
        return file.Keys.TryGetValue(file.Active, out var key) && key.Length == 32
            ? new(file.Active, file.Keys)
            : throw new InvalidDataException($"The key ring {path} has no 256-bit key \"{file.Active}\".");
    }

    public string Encrypt(string clear, string field)
    {
        var text = Encoding.UTF8.GetBytes(clear);
        var sealedText = new byte[NonceSize + text.Length + TagSize];
        var nonce = sealedText.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_keys[_active], TagSize);
        aes.Encrypt(
            nonce,
            text,
            sealedText.AsSpan(NonceSize, text.Length),
            sealedText.AsSpan(NonceSize + text.Length),
            Encoding.UTF8.GetBytes(field)
        );
        CryptographicOperations.ZeroMemory(text);
        return $"{Version}.{_active}.{Base64Url.EncodeToString(sealedText)}";
    }

    /// <exception cref="CryptographicException">The key is not in the ring, or the value is not what was encrypted for this field.</exception>
    public string Decrypt(string value, string field)
    {
        if (value.Split('.') is not [Version, var id, var text] || !_keys.TryGetValue(id, out var key))
        {
            throw new CryptographicException(
                $"A value of {field} was encrypted with a key that is not in the key ring."
            );
        }

        var sealedText = Base64Url.DecodeFromChars(text);
        var clear = new byte[sealedText.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(
            sealedText.AsSpan(0, NonceSize),
            sealedText.AsSpan(NonceSize, clear.Length),
            sealedText.AsSpan(NonceSize + clear.Length),
            clear,
            Encoding.UTF8.GetBytes(field)
        );
        return Encoding.UTF8.GetString(clear);
    }

    /// <summary>Written beside and moved, so that a crash leaves either no key ring or a whole one.</summary>
    private static void WriteNew(string path, byte[] content)
    {
        var temporary = path + ".new";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path);
    }

    private sealed record KeyRingFile(string Active, Dictionary<string, byte[]> Keys);
}
