using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Threeport.Runtime;

namespace Threeport.Server.Storage;

/// <summary>
/// The master keys, which encrypt nothing but the data keys: one that wraps, and those before it that only unwrap. They are in a
/// file that all API replicas have and the database has not.
/// </summary>
internal sealed class KeyRing
{
    private readonly Dictionary<string, byte[]> _keys;
    private readonly string _active;
    private readonly string _path;

    private KeyRing(string path, string active, Dictionary<string, byte[]> keys)
    {
        _path = path;
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
            ? new(path, file.Active, file.Keys)
            : throw new InvalidDataException($"The key ring {path} has no 256-bit key \"{file.Active}\".");
    }

    /// <summary>Whether a data key is wrapped with the key that wraps now.</summary>
    public bool WrapsNow(string wrapped) => wrapped.StartsWith(SealedText.PrefixOf(_active), StringComparison.Ordinal);

    public string Wrap(byte[] key, string id) =>
        SealedText.Seal(Convert.ToBase64String(key), FieldOf(id), _active, _keys[_active]);

    /// <exception cref="SettingsException">It was wrapped with a key that is not in the ring: this is another installation's.</exception>
    public byte[] Unwrap(string wrapped, string id)
    {
        try
        {
            return Convert.FromBase64String(SealedText.Open(wrapped, FieldOf(id), i => _keys.GetValueOrDefault(i)));
        }
        catch (CryptographicException)
        {
            throw new SettingsException(
                $"The key ring {_path} lacks the key that this database's data keys are wrapped with. Each API replica needs the same file (Threeport:KeyRing), and a restored database the one that it was made with."
            );
        }
    }

    private static string FieldOf(string id) => $"data key {id}";

    /// <summary>
    /// Written beside and linked, so that a crash leaves either no key ring or a whole one. Of several processes that begin at once
    /// the first makes it, and the others read that one.
    /// </summary>
    private static void WriteNew(string path, byte[] content)
    {
        var temporary = $"{path}.{Guid.CreateVersion7():N}.new";
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

        var made = Link(temporary, path) == 0;
        var error = Marshal.GetLastPInvokeErrorMessage();
        File.Delete(temporary);
        if (!made && !File.Exists(path))
        {
            throw new IOException($"The key ring {path} could not be made: {error}");
        }
    }

    /// <summary>
    /// A second name for a file, unless something has it already. File.Move without overwriting looks first and renames then, so that of two
    /// who do it at once both succeed, and the first goes on with keys that nobody else has.
    /// </summary>
    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string file,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name
    );

    private sealed record KeyRingFile(string Active, Dictionary<string, byte[]> Keys);
}
