using Threeport.Benchmarks.Servers;

namespace Threeport.Benchmarks;

/// <summary>What every benchmark is given.</summary>
internal sealed class Bench(Arguments arguments, Report report, CancellationToken stop)
{
    private int _folders;

    public Report Report => report;

    public CancellationToken Stop => stop;

    /// <summary>How many pairs of measurements.</summary>
    public int Pairs => arguments.Pairs;

    /// <summary>How long a window of load lasts.</summary>
    public TimeSpan Window => arguments.Window;

    public string Qleetctl => Path.Combine(arguments["dist"], "qleetctl");

    public string Kubectl => Path.Combine(arguments["kubernetes"], "kubectl");

    public string Agent => Path.Combine(arguments["dist"], "threeport-agent");

    /// <summary>The host with the tests' kinds, built beside this program.</summary>
    public string TestHost { get; } =
        Path.GetFullPath(
            Path.Combine(AppContext.BaseDirectory, "../../Threeport.TestHost/release/threeport-test-host")
        );

    /// <summary>A folder that is there and was not used before; it goes when the run ends.</summary>
    public string NewFolder(string name)
    {
        var folder = Path.Combine(arguments["work"], $"{Interlocked.Increment(ref _folders)}-{name}");
        Directory.CreateDirectory(folder);
        // PostgreSQL runs as another user and has to pass through.
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_001_001);
        return folder;
    }

    /// <summary>A control plane of its own, with its own PostgreSQL and NATS, both of which sync.</summary>
    public Task<ControlPlane> ControlPlaneAsync(string roles, params string[] more) =>
        ControlPlane.StartAsync(
            Path.Combine(arguments["dist"], "threeport"),
            NewFolder("threeport"),
            roles,
            more,
            stop
        );

    /// <summary>The same, of the tests' host.</summary>
    public Task<ControlPlane> TestControlPlaneAsync(string roles, params string[] more) =>
        ControlPlane.StartAsync(TestHost, NewFolder("threeport"), roles, more, stop);

    /// <summary>etcd that syncs and kube-apiserver; with <paramref name="controllers"/> kube-controller-manager too.</summary>
    public Task<Cluster> ClusterAsync(bool controllers = false) =>
        Cluster.StartAsync(arguments["kubernetes"], NewFolder("kubernetes"), controllers, stop);
}
