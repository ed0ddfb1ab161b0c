using Threeport.BackupFormat;

namespace Threeport.Cli.Files;

/// <summary>What a backup turned out to hold.</summary>
/// <param name="Header">As it says.</param>
/// <param name="Tables">How many.</param>
/// <param name="Rows">Of all tables.</param>
internal sealed record VerifiedBackup(BackupHeader Header, int Tables, long Rows);

/// <summary>A backup on this machine.</summary>
internal static class BackupFile
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Reads it to its end, without a control plane; nothing of it is kept.</summary>
    /// <exception cref="FailureException">It is none, is not whole, or the passphrase is another's.</exception>
    public static async Task<VerifiedBackup> VerifyAsync(
        string path,
        string passphrase,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var file = Open(path);
            var header = await BackupHeader.ReadAsync(file, cancellationToken);
            using var key = header.Open(passphrase);
            await using var content = new OpeningStream(file, header, key);
            var reader = new ContentReader(content);
            var (tables, rows) = (0, 0L);
            while (await reader.NextAsync(cancellationToken) is not null)
            {
                tables++;
                rows += await reader.RowsAsync(static (_, _) => default, cancellationToken);
            }

            return new(header, tables, rows);
        }
        catch (BackupException e)
        {
            throw new FailureException($"{path}: {e.Message}");
        }
    }

    /// <exception cref="FailureException">It cannot be read.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, useAsync: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException($"{path}: {e.Message}");
        }
    }

    /// <summary>
    /// Has it written to a file that its owner alone may read, beside where it is to be, and moves it there when it is verified: under its name
    /// there is a whole backup or none.
    /// </summary>
    /// <exception cref="FailureException">There is such a file already, or it could not be written.</exception>
    public static async Task<VerifiedBackup> WriteAsync(
        string path,
        string passphrase,
        Func<Stream, Task> write,
        CancellationToken cancellationToken
    )
    {
        var next = $"{path}.{Environment.ProcessId}.new";
        try
        {
            await using (var file = Create(next))
            {
                await write(file);
                file.Flush(flushToDisk: true);
            }

            var verified = await VerifyAsync(next, passphrase, cancellationToken);
            File.Move(next, path, overwrite: false);
            return verified;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException($"--output {path}: {e.Message}");
        }
        finally
        {
            // Gone already when it was moved.
            File.Delete(next);
        }
    }

    private static FileStream Create(string path) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.Asynchronous,
                BufferSize = BufferSize,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
}
