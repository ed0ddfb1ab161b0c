using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.EndToEnd.Installed;

/// <summary>
/// A <c>kind</c> that records what it is told and hands out the cluster of this machine: its clusters are files with its kubeconfig. Where
/// a file <c>slow</c> is, it takes as long for making one as it takes to remove that file.
/// </summary>
internal sealed class StandInKind : IDisposable
{
    private const string Script = """
        #!/bin/sh
        here=$(dirname "$0")
        echo "$*" >> "$here/calls"
        case "$1 $2" in
        "version ") echo "kind v0.29.0 go1.24.2 linux/amd64" ;;
        "get clusters") ls "$here/clusters" ;;
        "get kubeconfig") cat "$here/clusters/$4" ;;
        "create cluster")
          [ ! -e "$here/clusters/$4" ] || { echo "ERROR: node(s) already exist for a cluster with the name" >&2; exit 1; }
          cat > "$here/configuration"
          echo "half made" > "$here/clusters/$4"
          while [ -e "$here/slow" ]; do sleep 0.1; done
          cp "$here/kubeconfig" "$here/clusters/$4" ;;
        "load image-archive") test -s "$3" ;;
        "delete cluster") rm -f "$here/clusters/$4" ;;
        *) echo "ERROR: unknown command" >&2; exit 1 ;;
        esac
        """;

    public StandInKind(string kubeconfig)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "clusters"));
        File.Copy(kubeconfig, Path.Combine(Folder, "kubeconfig"));
        var program = Path.Combine(Folder, "kind");
        File.WriteAllText(program, Script);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Folder { get; } = Machine.TemporaryFolder();

    public IReadOnlyList<string> Calls => File.Exists(Of("calls")) ? File.ReadAllLines(Of("calls")) : [];

    public IReadOnlyList<string> Clusters =>
        [.. Directory.EnumerateFiles(Of("clusters")).Select(static f => Path.GetFileName(f))];

    /// <summary>What it was told of the cluster.</summary>
    public string Configuration => File.ReadAllText(Of("configuration"));

    public bool IsSlow
    {
        set
        {
            if (value)
            {
                File.WriteAllText(Of("slow"), "");
            }
            else
            {
                File.Delete(Of("slow"));
            }
        }
    }

    public void MakeCluster(string name) => File.Copy(Of("kubeconfig"), Path.Combine(Of("clusters"), name));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private string Of(string file) => Path.Combine(Folder, file);
}
