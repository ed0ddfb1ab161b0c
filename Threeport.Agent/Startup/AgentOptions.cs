using System.Reflection;
using Threeport.Agent.Reporting;
using Threeport.Kubernetes;

namespace Threeport.Agent.Startup;

/// <summary>How the agent is told what to do: by arguments, or by the environment.</summary>
internal sealed record AgentOptions
{
    public const string Usage = """
        threeport-agent looks at the workloads of one Kubernetes cluster and reports to the control plane.

        Usage: threeport-agent --api URL --runtime NAME (--certificate-file FILE --key-file FILE | --token-file FILE) [options]

          --api URL           the control plane, https://host:port    (THREEPORT_API)
          --runtime NAME      the kubernetes-runtime-instance that this cluster is    (THREEPORT_RUNTIME)
          --certificate-file FILE, --key-file FILE
                              the agent's certificate and its key, PEM; read again when they change
                              (THREEPORT_CERTIFICATE_FILE, THREEPORT_KEY_FILE)
          --token-file FILE   a token instead of them; read again when it changes    (THREEPORT_TOKEN_FILE)
          --ca-file FILE      the CA of the control plane, PEM; the machine's CAs without it    (THREEPORT_CA_FILE)
          --namespace NAME    the agent's namespace: of several control planes, each with an agent, in a cluster, this one looks after
                              what has the label threeport.io/agent=NAME; threeport-system without it    (THREEPORT_NAMESPACE)
          --kubeconfig FILE   the cluster; without it, the one whose pod this is    (THREEPORT_KUBECONFIG)
          --listen PORT       serve /healthz and /metrics there; nothing is served without it    (THREEPORT_LISTEN)
          --version           print the version
          --help              print this

        An argument wins over the environment. Exit codes: 0 stopped by a signal, 1 failed, 2 wrong arguments.
        """;

    private static readonly string[] Names =
    [
        "api",
        "runtime",
        "namespace",
        "certificate-file",
        "key-file",
        "token-file",
        "ca-file",
        "kubeconfig",
        "listen",
    ];

    public static string Version { get; } =
        typeof(AgentOptions)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    public required Uri Api { get; init; }

    public required string Runtime { get; init; }

    public required AgentScope Scope { get; init; }

    public required IdentityFiles Identity { get; init; }

    public string? CaFile { get; init; }

    public string? Kubeconfig { get; init; }

    public int? Listen { get; init; }

    /// <exception cref="OptionException">They make no sense; the message says which and what is allowed.</exception>
    public static AgentOptions Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var given = Arguments(arguments);
        string? Value(string name) =>
            given.GetValueOrDefault(name) is { } argument ? argument
            : environment(Variable(name)) is { Length: > 0 } variable ? variable
            : null;
        string Required(string name) =>
            Value(name) ?? throw new OptionException($"--{name} is missing (or {Variable(name)} in the environment)");

        return new()
        {
            Api = Address(Required("api")),
            Runtime = Name(Required("runtime")),
            Identity = (Value("certificate-file"), Value("key-file"), Value("token-file")) switch
            {
                ({ } certificate, { } key, null) => new(certificate, key, null),
                (null, null, { } token) => new(null, null, token),
                _ => throw new OptionException(
                    "--certificate-file and --key-file are needed, or --token-file instead of both (or THREEPORT_CERTIFICATE_FILE, … in the environment)"
                ),
            },
            Scope = Agent(Value("namespace")),
            CaFile = Value("ca-file"),
            Kubeconfig = Value("kubeconfig"),
            Listen = Value("listen") is { } port ? Port(port) : null,
        };
    }

    private static Dictionary<string, string> Arguments(IReadOnlyList<string> arguments)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var left, var right]
                ? (left, right)
                : (arguments[i], null);
            if (!name.StartsWith("--", StringComparison.Ordinal) || !Names.Contains(name[2..], StringComparer.Ordinal))
            {
                throw new OptionException($"{name} is not known; see --help");
            }

            if (value is null && ++i == arguments.Count)
            {
                throw new OptionException($"{name} needs a value");
            }

            given[name[2..]] = value ?? arguments[i];
        }

        return given;
    }

    private static string Variable(string name) => $"THREEPORT_{name.Replace('-', '_').ToUpperInvariant()}";

    /// <summary>The token is sent there, so it is encrypted on every way that is longer than this machine.</summary>
    private static Uri Address(string text)
    {
        var isUri = Uri.TryCreate(text, UriKind.Absolute, out var uri);
        return isUri && (uri!.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            ? uri
            : throw new OptionException($"--api {text}: must be https://host:port (http on this machine only)");
    }

    private static string Name(string text) =>
        text.Length is > 0 and <= 63
        && text.All(static c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')
        && text[0] != '-'
        && text[^1] != '-'
            ? text
            : throw new OptionException($"--runtime {text}: must be a name of lower-case letters, digits and dashes");

    private static AgentScope Agent(string? ns)
    {
        try
        {
            return AgentScope.Of(ns);
        }
        catch (FormatException exception)
        {
            throw new OptionException($"--namespace: {exception.Message}");
        }
    }

    private static int Port(string text) =>
        int.TryParse(text, out var port) && port is > 0 and <= 65_535
            ? port
            : throw new OptionException($"--listen {text}: must be a port, 1 to 65535");
}

/// <summary>Arguments that make no sense.</summary>
internal sealed class OptionException(string message) : FormatException(message);
