using System.Security.Cryptography;
using Threeport.Runtime;

namespace Threeport.Host;

/// <summary>The folder that the process keeps its state in. One process at a time holds it.</summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream heldLock)
    {
        Path = path;
        _lock = heldLock;
    }

    public string Path { get; }

    /// <summary>Made at first start; the same after every restart.</summary>
    public string Node => SecretText("node", static () => $"{Guid.CreateVersion7():N}");

    /// <exception cref="SettingsException">Another process holds it, or it cannot be made.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            // The embedded PostgreSQL runs as a user of its own, which must be able to pass; every file is 0600 or stands for itself.
            File.SetUnixFileMode(
                path,
                Environment.IsPrivilegedProcess
                    ? (UnixFileMode)0b111_001_001
                    : UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
            var held = new FileStream(
                System.IO.Path.Combine(path, "lock"),
                new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    // The system gives the lock back whatever way the process ends.
                    Share = FileShare.None,
                    UnixCreateMode = Secret,
                }
            );
            return new(path, held);
        }
        catch (IOException exception) when (File.Exists(System.IO.Path.Combine(path, "lock")))
        {
            throw new SettingsException(
                $"Another threeport runs on the data folder {path} ({exception.Message.TrimEnd('.')}). Stop it, or choose another folder with --data."
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(
                $"The data folder {path} cannot be used: {exception.Message} Choose another with --data."
            );
        }
    }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The text of a file that only its owner may read; made if it is not there.</summary>
    public string SecretText(string name, Func<string> make)
    {
        var file = PathOf(name);
        if (!File.Exists(file))
        {
            Write(file, make(), Secret);
        }

        return File.ReadAllText(file).Trim();
    }

    /// <summary>A password that nobody has to remember.</summary>
    public static string NewPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    /// <summary>All of it or nothing: a crash leaves the file as it was.</summary>
    public static void Write(string file, string text, UnixFileMode mode = Secret)
    {
        var next = $"{file}.new";
        File.Delete(next);
        using (
            var stream = new FileStream(
                next,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = mode,
                }
            )
        )
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, file, overwrite: true);
    }

    public void Dispose() => _lock.Dispose();
}
