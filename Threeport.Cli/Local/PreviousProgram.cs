namespace Threeport.Cli.Local;

/// <summary>The program that ran before an upgrade, kept in case that its file is replaced: where it was, which version, and a copy.</summary>
internal sealed class PreviousProgram(string folder)
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private string Copy => Path.Combine(folder, "threeport");

    private string Note => Path.Combine(folder, "version");

    /// <summary>Whether there is one.</summary>
    public bool IsKept => File.Exists(Note) && File.Exists(Copy);

    /// <summary>Keeps the program of a process, whatever its file is by now, with the settings beside it.</summary>
    public string Keep(int pid, string version)
    {
        Directory.CreateDirectory(folder);
        var program = $"/proc/{pid}/exe";
        var path = new FileInfo(program).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? "";
        var next = $"{Copy}.new";
        File.Copy(program, next, overwrite: true);
        File.SetUnixFileMode(next, Executable);
        File.Move(next, Copy, overwrite: true);
        if (Path.GetDirectoryName(path) is { Length: > 0 } beside && Directory.Exists(beside) && beside != folder)
        {
            foreach (var settings in Directory.GetFiles(beside, "appsettings*.json"))
            {
                File.Copy(settings, Path.Combine(folder, Path.GetFileName(settings)), overwrite: true);
            }
        }

        // Last: without it nothing is kept.
        File.WriteAllText($"{Note}.new", $"{version}\n{path}");
        File.Move($"{Note}.new", Note, overwrite: true);
        return $"{version} in {folder}";
    }

    /// <returns>The file that it was, while that is still the same, else the copy; and its version.</returns>
    public (string Program, string Version) Find()
    {
        var lines = File.ReadAllLines(Note);
        var (version, path) = (lines[0], lines.Length > 1 ? lines[1] : "");
        return (IsSame(path) ? path : Copy, version);
    }

    private bool IsSame(string path) =>
        File.Exists(path)
        && new FileInfo(path).Length == new FileInfo(Copy).Length
        && File.ReadAllBytes(path).AsSpan().SequenceEqual(File.ReadAllBytes(Copy));
}
