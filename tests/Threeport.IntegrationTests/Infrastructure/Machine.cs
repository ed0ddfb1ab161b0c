using System.Net;
using System.Net.Sockets;

namespace Threeport.IntegrationTests.Infrastructure;

/// <summary>What is installed here.</summary>
internal static class Machine
{
    private const int FirstPort = 20_000;
    private const int Ports = 10_000;

    // Not all from the same one: two runs of tests may be at work.
    private static int _lastPort = Random.Shared.Next(Ports);

    /// <summary>PostgreSQL refuses to run as root.</summary>
    public static string? PostgresUser => Environment.IsPrivilegedProcess ? "postgres" : null;

    public static string? PostgresBinaries { get; } =
        Folder("/usr/lib/postgresql", "bin/postgres") ?? FolderOnPath("postgres");

    public static string? NatsServer { get; } =
        FolderOnPath("nats-server") is { } folder ? Path.Combine(folder, "nats-server") : null;

    public static string? KubernetesBinaries { get; } =
        new[] { Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS"), "/usr/local/kubebuilder/bin" }.FirstOrDefault(
            static f => f is not null && File.Exists(Path.Combine(f, "kube-apiserver"))
        );

    public static string? Etcd =>
        KubernetesBinaries is { } folder && File.Exists(Path.Combine(folder, "etcd")) ? Path.Combine(folder, "etcd")
        : FolderOnPath("etcd") is { } other ? Path.Combine(other, "etcd")
        : null;

    public static bool HasDocker =>
        File.Exists("/var/run/docker.sock") || Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 };

    /// <summary>
    /// A port that nobody listens on, and that nobody is given meanwhile: below those that the system gives to outgoing connections and
    /// Kubernetes to services, and each only once.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = FirstPort + (int)((uint)Interlocked.Increment(ref _lastPort) % Ports);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse) { }
        }
    }

    /// <summary>A new folder with a path short enough for a socket in it.</summary>
    public static string TemporaryFolder() => Directory.CreateTempSubdirectory("tp-").FullName;

    /// <summary>The newest version that is there: <c>/usr/lib/postgresql/15/bin</c>.</summary>
    private static string? Folder(string parent, string program) =>
        Directory.Exists(parent)
            ? Directory
                .EnumerateDirectories(parent)
                .Where(d => File.Exists(Path.Combine(d, program)))
                .OrderByDescending(static d => int.TryParse(Path.GetFileName(d), out var version) ? version : 0)
                .Select(d => Path.GetDirectoryName(Path.Combine(d, program)))
                .FirstOrDefault()
            : null;

    private static string? FolderOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/sbin", "/usr/local/bin"])
            .FirstOrDefault(f => File.Exists(Path.Combine(f, program)));
}
