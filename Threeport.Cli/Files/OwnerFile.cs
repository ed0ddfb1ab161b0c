namespace Threeport.Cli.Files;

/// <summary>A file that its owner alone may read, written whole or not at all.</summary>
internal static class OwnerFile
{
    public static void Write(string path, string text)
    {
        var next = $"{path}.{Environment.ProcessId}.new";
        File.Delete(next);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var writer = new StreamWriter(next, options))
        {
            writer.Write(text);
        }

        File.Move(next, path, overwrite: true);
    }
}
