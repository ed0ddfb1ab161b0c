using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Threeport.Server.Storage;

/// <summary>
/// An encrypted text: <c>v1.&lt;key id&gt;.&lt;base64url of nonce, ciphertext and tag&gt;</c> (AES-256-GCM). The field that it
/// belongs to is authenticated with it, so that a ciphertext cannot be moved to another field.
/// </summary>
internal static class SealedText
{
    private const string Version = "v1";
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <summary>What all texts begin with that were sealed with this key.</summary>
    public static string PrefixOf(string keyId) => $"{Version}.{keyId}.";

    public static string Seal(string clear, string field, string keyId, byte[] key)
    {
        var text = Encoding.UTF8.GetBytes(clear);
        var sealedText = new byte[NonceSize + text.Length + TagSize];
        var nonce = sealedText.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(
            nonce,
            text,
            sealedText.AsSpan(NonceSize, text.Length),
            sealedText.AsSpan(NonceSize + text.Length),
            Encoding.UTF8.GetBytes(field)
        );
        CryptographicOperations.ZeroMemory(text);
        return PrefixOf(keyId) + Base64Url.EncodeToString(sealedText);
    }

    /// <param name="value">As it was sealed.</param>
    /// <param name="field">The field that it was sealed for.</param>
    /// <param name="keyOf">Finds a key by its id; null when there is none.</param>
    /// <exception cref="CryptographicException">The key is not there, or the value is not what was sealed for this field.</exception>
    public static string Open(string value, string field, Func<string, byte[]?> keyOf)
    {
        if (value.Split('.') is not [Version, var id, var text] || keyOf(id) is not { } key)
        {
            throw new CryptographicException($"A value of {field} was encrypted with a key that is not there.");
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
}
