namespace Threeport.Kubernetes;

/// <summary>How to reach a Kubernetes API server, and as whom. Holds data only: nothing in it is a path that a user chose.</summary>
public sealed record ClusterConnection
{
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>The address, <c>https://host:port</c>.</summary>
    public required Uri Server { get; init; }

    /// <summary>The CAs to trust, PEM; those of the machine when null.</summary>
    public string? CaCertificate { get; init; }

    /// <summary>A bearer token.</summary>
    public string? Token { get; init; }

    /// <summary>A file that the token is read from, again and again as it rotates. Only the process itself sets it, for its own pod.</summary>
    public string? TokenFile { get; private init; }

    /// <summary>Where the token comes from, before each call, when it does not last; whoever gives it keeps it as long as it holds.</summary>
    public Func<CancellationToken, Task<string>>? TokenSource { get; init; }

    /// <summary>A client certificate, PEM.</summary>
    public string? Certificate { get; init; }

    /// <summary>Its key, PEM.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>The name in the server's certificate, where it is not the host of <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Whether the server may be on this machine, by whatever name.</summary>
    public bool AllowLoopback { get; init; } = true;

    /// <summary>The connection of the pod that this process runs in.</summary>
    /// <exception cref="InvalidOperationException">It does not run in a pod.</exception>
    public static ClusterConnection InCluster()
    {
        var host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        var port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port))
        {
            throw new InvalidOperationException(
                "Not in a pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set."
            );
        }

        return new()
        {
            Server = new($"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}"),
            CaCertificate = File.ReadAllText($"{ServiceAccount}/ca.crt"),
            TokenFile = $"{ServiceAccount}/token",
        };
    }

    /// <summary>A record would print its secrets.</summary>
    public override string ToString() => Server.ToString();
}
