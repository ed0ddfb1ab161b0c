using System.Net;
using Threeport.Kubernetes;
using Threeport.Runtime;

namespace Threeport.Host.Configuration;

/// <summary>What the process was told, checked.</summary>
internal sealed record HostSettings
{
    public const string Api = "api";
    public const string Controllers = "controllers";

    /// <summary>Alone: brings the database to what this version needs, as its owner, and ends.</summary>
    public const string Migration = "migration";

    private static readonly string[] AllRoles = [Api, Controllers];

    public required IReadOnlyList<string> Roles { get; init; }

    public required IReadOnlyList<IModule> Modules { get; init; }

    /// <summary>Absolute.</summary>
    public required string Data { get; init; }

    public required IReadOnlyList<Uri> Listen { get; init; }

    public required IReadOnlyList<string> Advertise { get; init; }

    public string? Database { get; init; }

    public string? Nats { get; init; }

    public Uri? ApiUrl { get; init; }

    public bool HasApi => Roles.Contains(Api);

    public bool OnlyMigrates => Roles.Contains(Migration);

    public bool HasControllers => Roles.Contains(Controllers);

    /// <summary>The address to give to others: the first that is listened on, under an advertised name if there is one.</summary>
    public Uri Reachable
    {
        get
        {
            var address = new UriBuilder(Listen[0]);
            if (Advertise.Count > 0)
            {
                address.Host = Advertise[0];
            }
            else if (address.Host is "0.0.0.0" or "[::]")
            {
                address.Host = Dns.GetHostName();
            }

            return address.Uri;
        }
    }

    /// <exception cref="SettingsException">Something is not as it must be.</exception>
    public static HostSettings From(IConfiguration configuration, IReadOnlyList<IModule> modules)
    {
        IReadOnlyList<string> roles =
            configuration["Threeport:Roles"] == Migration
                ? [Migration]
                : Chosen(configuration, "Roles", AllRoles, static r => r);
        var hasApi = roles.Contains(Api);
        var settings = new HostSettings
        {
            Roles = roles,
            Modules = Chosen(configuration, "Modules", modules, static m => m.Name),
            Data = Path.GetFullPath(configuration["Threeport:Data"] is { Length: > 0 } data ? data : DefaultData()),
            Listen =
            [
                .. List(configuration, "Listen")
                    .DefaultIfEmpty(hasApi ? "https://127.0.0.1:8443" : "http://127.0.0.1:0")
                    .Select(a => Address(a, hasApi)),
            ],
            Advertise = [.. List(configuration, "Advertise").Select(HostName)],
            Database = configuration["Threeport:Database"],
            Nats = configuration["Threeport:Nats"],
            ApiUrl = configuration["Threeport:ApiUrl"] is { Length: > 0 } url ? ApiAddress(url) : null,
        };
        if (configuration[ClusterPolicy.LoopbackSetting] is { Length: > 0 } text && !bool.TryParse(text, out _))
        {
            throw new SettingsException($"{ClusterPolicy.LoopbackSetting} is true or false, not \"{text}\".");
        }

        if (configuration["Threeport:Migration"] is { Length: > 0 } migration and not ("apply" or "wait"))
        {
            throw new SettingsException($"Threeport:Migration is apply or wait, not \"{migration}\".");
        }

        if (settings.OnlyMigrates)
        {
            RequireForMigration(configuration);
        }
        else if (!hasApi)
        {
            RequireRemote(configuration);
        }

        return settings;
    }

    /// <summary>The first of the keys that values are encrypted with is made with the tables, and wrapped by the key ring.</summary>
    private static void RequireForMigration(IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(configuration["Threeport:Database"]))
        {
            throw new SettingsException("The role migration needs --database (Threeport:Database).");
        }

        if (string.IsNullOrEmpty(configuration["Threeport:KeyRing"]))
        {
            throw new SettingsException(
                "The role migration needs Threeport:KeyRing, the file that all API replicas have (THREEPORT_KEY_RING)."
            );
        }
    }

    /// <summary>Without the API layer in the process, its address, its CA, a credential and the broker must be given.</summary>
    private static void RequireRemote(IConfiguration configuration)
    {
        foreach (var (setting, option) in new[] { ("ApiUrl", "--api-url"), ("ApiCa", "--api-ca"), ("Nats", "--nats") })
        {
            if (string.IsNullOrEmpty(configuration[$"Threeport:{setting}"]))
            {
                throw new SettingsException(
                    $"A process with the role controllers alone needs {option} (Threeport:{setting})."
                );
            }
        }

        var (certificate, key, token) = (
            configuration["Threeport:ApiCertificateFile"],
            configuration["Threeport:ApiKeyFile"],
            configuration["Threeport:ApiTokenFile"]
        );
        var hasCertificate = !string.IsNullOrEmpty(certificate) && !string.IsNullOrEmpty(key);
        if (
            hasCertificate == !string.IsNullOrEmpty(token)
            || string.IsNullOrEmpty(certificate) != string.IsNullOrEmpty(key)
        )
        {
            throw new SettingsException(
                "A process with the role controllers alone needs --api-certificate-file and --api-key-file, or --api-token-file instead of both."
            );
        }
    }

    private static IReadOnlyList<T> Chosen<T>(
        IConfiguration configuration,
        string key,
        IReadOnlyList<T> all,
        Func<T, string> name
    )
    {
        var names = List(configuration, key);
        return names.Count == 0 ? all : [.. names.Distinct().Select(Find)];

        T Find(string wanted) =>
            all.FirstOrDefault(t => name(t) == wanted)
            ?? throw new SettingsException(
                $"Threeport:{key}: there is no \"{wanted}\". There are: {string.Join(", ", all.Select(name))}."
            );
    }

    private static List<string> List(IConfiguration configuration, string key) =>
        [
            .. (configuration[$"Threeport:{key}"] ?? "").Split(
                ',',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            ),
        ];

    private static Uri Address(string text, bool hasApi)
    {
        if (
            !Uri.TryCreate(
                text.Replace("//*", "//0.0.0.0", StringComparison.Ordinal),
                UriKind.Absolute,
                out var address
            )
            || address.Scheme is not ("http" or "https")
            || address.PathAndQuery != "/"
            || (address.Host != "localhost" && !IPAddress.TryParse(address.Host.Trim('[', ']'), out _))
        )
        {
            throw new SettingsException(
                $"Threeport:Listen: \"{text}\" is no address to listen on. Allowed: https://IP:PORT, http://127.0.0.1:PORT, http://localhost:PORT."
            );
        }

        // A process without the API takes no tokens: it says whether it is well, and its metrics.
        return address.Scheme == "https" || address.IsLoopback || !hasApi
            ? address
            : throw new SettingsException(
                $"Threeport:Listen: \"{text}\" would send tokens in clear over the network. Use https, or http on a loopback address."
            );
    }

    private static Uri ApiAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback))
            ? url
            : throw new SettingsException($"Threeport:ApiUrl: \"{text}\" is no https address (http on loopback only).");

    private static string HostName(string text) =>
        Uri.CheckHostName(text) is UriHostNameType.Unknown
            ? throw new SettingsException($"Threeport:Advertise: \"{text}\" is no host name or address.")
            : text;

    private static string DefaultData() =>
        Environment.IsPrivilegedProcess
            ? "/var/lib/threeport"
            : Path.Combine(
                Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } home
                    ? home
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/share"),
                "threeport"
            );
}
