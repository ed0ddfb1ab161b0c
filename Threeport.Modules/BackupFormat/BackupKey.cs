using System.Security.Cryptography;
using System.Text;

namespace Threeport.BackupFormat;

/// <summary>The key of one backup. Its chunks have the nonces 0, 1, 2, …, and no other backup has the key.</summary>
public sealed class BackupKey : IDisposable
{
    private const int KeySize = 32;
    private const int CheckSize = 16;

    private BackupKey(byte[] key) => Bytes = key;

    internal byte[] Bytes { get; }

    /// <inheritdoc />
    public void Dispose() => CryptographicOperations.ZeroMemory(Bytes);

    internal static (BackupKey Key, byte[] Check) Derive(string passphrase, byte[] salt, int iterations)
    {
        var text = Encoding.UTF8.GetBytes(passphrase);
        var stretched = Rfc2898DeriveBytes.Pbkdf2(text, salt, iterations, HashAlgorithmName.SHA256, KeySize);
        try
        {
            return (new(Expand(stretched, KeySize, "key")), Expand(stretched, CheckSize, "check"));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
            CryptographicOperations.ZeroMemory(stretched);
        }
    }

    private static byte[] Expand(byte[] stretched, int size, string what) =>
        HKDF.Expand(HashAlgorithmName.SHA256, stretched, size, Encoding.ASCII.GetBytes($"threeport backup {what}"));
}
