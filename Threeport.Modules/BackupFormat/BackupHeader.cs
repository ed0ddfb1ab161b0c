using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Threeport.BackupFormat;

/// <summary>
/// What a backup begins with, in clear: a mark, a length, and JSON. Nothing in it is secret, and nothing can be changed in it: its hash is
/// authenticated with each chunk that follows.
/// </summary>
public sealed record BackupHeader
{
    /// <summary>The format that is written, and the newest that is read.</summary>
    public const int CurrentFormat = 1;

    /// <summary>What PBKDF2 with SHA-256 is given at the least (OWASP, 2023).</summary>
    public const int MinIterations = 600_000;

    /// <summary>A header is not to be able to keep a processor busy for minutes.</summary>
    private const int MaxIterations = 10_000_000;
    private const int MaxLength = 4_096;
    private const int SaltSize = 32;
    private static readonly byte[] Mark = "THREEPORT-BACKUP\n"u8.ToArray();

    private BackupHeader(byte[] encoded) => Encoded = encoded;

    /// <summary>The version of the product that made it.</summary>
    public required string Product { get; init; }

    /// <summary>When, by the database's clock: what was committed by then is in it.</summary>
    public required DateTimeOffset Instant { get; init; }

    /// <summary>Of PBKDF2.</summary>
    public required int Iterations { get; init; }

    /// <summary>Of PBKDF2; another one for each backup, so that no two share a key.</summary>
    internal byte[] Salt { get; private init; } = [];

    /// <summary>Tells a wrong passphrase from a file that was changed; gives away no more than any chunk does.</summary>
    internal byte[] Check { get; private init; } = [];

    /// <summary>As it stands in the file.</summary>
    internal byte[] Encoded { get; private init; }

    /// <summary>A header for a new backup, and its key.</summary>
    /// <param name="product">The version of the product.</param>
    /// <param name="instant">The instant of what it holds.</param>
    /// <param name="passphrase">Has to be good enough by <see cref="Passphrase.Wrong"/>.</param>
    public static (BackupHeader Header, BackupKey Key) Make(string product, DateTimeOffset instant, string passphrase)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        var (key, check) = BackupKey.Derive(passphrase, salt, MinIterations);
        var header = new BackupHeader([])
        {
            Product = product,
            Instant = instant,
            Iterations = MinIterations,
            Salt = salt,
            Check = check,
        };
        return (header with { Encoded = header.Encode() }, key);
    }

    /// <summary>Reads it from where the file begins.</summary>
    /// <exception cref="BackupException">It is no backup, is cut off, or is of a newer format.</exception>
    public static async Task<BackupHeader> ReadAsync(Stream file, CancellationToken cancellationToken)
    {
        var start = new byte[Mark.Length + sizeof(int)];
        var read = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        if (!start.AsSpan(0, Math.Min(read, Mark.Length)).SequenceEqual(Mark.AsSpan(0, Math.Min(read, Mark.Length))))
        {
            throw new BackupException("This is not a backup: it does not begin as one that `qleetctl backup` wrote.");
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(start.AsSpan(Mark.Length));
        if (read == start.Length && length is <= 0 or > MaxLength)
        {
            throw Unreadable();
        }

        var json = new byte[read < start.Length ? 1 : length];
        if (
            read < start.Length
            || await file.ReadAtLeastAsync(json, length, throwOnEndOfStream: false, cancellationToken) < length
        )
        {
            throw new BackupException("The backup is cut off: it ends within its header.");
        }

        return Decode([.. start, .. json], json);
    }

    /// <summary>The key of this backup.</summary>
    /// <exception cref="WrongPassphraseException">It is not the passphrase that it was made with.</exception>
    public BackupKey Open(string passphrase)
    {
        var (key, check) = BackupKey.Derive(passphrase, Salt, Iterations);
        if (CryptographicOperations.FixedTimeEquals(check, Check))
        {
            return key;
        }

        key.Dispose();
        throw new WrongPassphraseException();
    }

    private byte[] Encode()
    {
        var json = System.Text.Encoding.UTF8.GetBytes(
            new JsonObject
            {
                ["format"] = CurrentFormat,
                ["product"] = Product,
                ["instant"] = Instant.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
                ["kdf"] = "PBKDF2-SHA256",
                ["iterations"] = Iterations,
                ["salt"] = Convert.ToHexStringLower(Salt),
                ["check"] = Convert.ToHexStringLower(Check),
                ["cipher"] = "AES-256-GCM",
            }.ToJsonString()
        );
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, json.Length);
        return [.. Mark, .. length, .. json];
    }

    private static BackupHeader Decode(byte[] encoded, byte[] json)
    {
        try
        {
            var members = JsonNode.Parse(json)!.AsObject();
            if ((int)members["format"]! is var format && format > CurrentFormat)
            {
                throw new BackupException(
                    $"The backup has the format {format}, and this version reads {CurrentFormat}: use the version that made it, {members["product"]}, or a newer one."
                );
            }

            var header = new BackupHeader(encoded)
            {
                Product = (string)members["product"]!,
                Instant = DateTimeOffset.Parse((string)members["instant"]!, CultureInfo.InvariantCulture),
                Iterations = (int)members["iterations"]!,
                Salt = Convert.FromHexString((string)members["salt"]!),
                Check = Convert.FromHexString((string)members["check"]!),
            };
            return header.Iterations is >= MinIterations and <= MaxIterations && header.Salt.Length == SaltSize
                ? header
                : throw Unreadable();
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or InvalidOperationException
                        or FormatException
                        or NullReferenceException
                        or ArgumentException
            )
        {
            throw Unreadable();
        }
    }

    private static BackupException Unreadable() => new("The backup was changed: its header is not as one is written.");
}
