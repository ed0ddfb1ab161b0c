using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Threeport.Kubernetes.Yaml;

namespace Threeport.Kubernetes;

/// <summary>
/// Reads a kubeconfig that somebody sent. Only data is taken: what would run a command, read a file of this machine, send
/// traffic elsewhere or leave the server unchecked is refused by name.
/// </summary>
public static class Kubeconfig
{
    private static readonly YamlLimits Limits = new(Bytes: 64 * 1024, Depth: 16, Nodes: 2_000, Aliases: false);

    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["exec"] = "commands are not run; use a token or certificate data",
        ["auth-provider"] = "commands are not run; use a token or certificate data",
        ["tokenFile"] = "files are not read; put the token itself into token",
        ["client-certificate"] =
            "files are not read; use client-certificate-data (kubectl config view --raw --flatten)",
        ["client-key"] = "files are not read; use client-key-data (kubectl config view --raw --flatten)",
        ["certificate-authority"] =
            "files are not read; use certificate-authority-data (kubectl config view --raw --flatten)",
        ["proxy-url"] = "proxies are not used",
        ["username"] = "basic authentication is not supported; use a token or certificate data",
        ["password"] = "basic authentication is not supported; use a token or certificate data",
        ["as"] = "impersonation is not supported",
        ["as-uid"] = "impersonation is not supported",
        ["as-groups"] = "impersonation is not supported",
        ["as-user-extra"] = "impersonation is not supported",
    };

    private static readonly string[] ClusterFields =
    [
        "server",
        "certificate-authority-data",
        "tls-server-name",
        "insecure-skip-tls-verify",
        "disable-compression",
        "extensions",
    ];

    private static readonly string[] UserFields = ["token", "client-certificate-data", "client-key-data", "extensions"];

    private static readonly string[] TopFields =
    [
        "apiVersion",
        "kind",
        "preferences",
        "clusters",
        "users",
        "contexts",
        "current-context",
        "extensions",
    ];

    /// <summary>The connection of the current context, or of the only one.</summary>
    /// <exception cref="KubeconfigException">It is not taken; the message says which field and what is allowed.</exception>
    public static ClusterConnection Parse(string text)
    {
        var root = Root(text);
        Only(root, "", TopFields);
        var context = Context(root);
        var (clusterAt, cluster) = Named(root, "clusters", "cluster", Text(context.Body, context.At, "cluster"));
        var (userAt, user) = Named(root, "users", "user", Text(context.Body, context.At, "user"));
        Only(cluster, clusterAt, ClusterFields);
        Only(user, userAt, UserFields);
        if (cluster["insecure-skip-tls-verify"] is { } insecure && !IsFalse(insecure))
        {
            throw new KubeconfigException($"{clusterAt}.insecure-skip-tls-verify: the server is always verified");
        }

        return Checked(
            new()
            {
                Server = Server(cluster, clusterAt),
                CaCertificate = Data(cluster, clusterAt, "certificate-authority-data"),
                TlsServerName = Optional(cluster, clusterAt, "tls-server-name"),
                Token = Optional(user, userAt, "token"),
                Certificate = Data(user, userAt, "client-certificate-data"),
                CertificateKey = Data(user, userAt, "client-key-data"),
            },
            clusterAt,
            userAt
        );
    }

    private static JsonObject Root(string text)
    {
        try
        {
            var documents = YamlReader.Read(text, Limits).Where(static d => d.Root is not null).ToList();
            return documents is [{ Root: JsonObject root }]
                ? root
                : throw new KubeconfigException("a kubeconfig is one YAML document, a map");
        }
        catch (YamlFormatException exception)
        {
            throw new KubeconfigException($"line {exception.Line}: {exception.Message}");
        }
    }

    private static (string At, JsonObject Body) Context(JsonObject root)
    {
        var contexts = root["contexts"] as JsonArray ?? [];
        var current = Optional(root, "", "current-context");
        if (string.IsNullOrEmpty(current))
        {
            current = contexts is [JsonObject only]
                ? Text(only, "contexts[0]", "name")
                : throw new KubeconfigException("current-context: needed, because there is not exactly one context");
        }

        return Named(root, "contexts", "context", current);
    }

    private static (string At, JsonObject Body) Named(JsonObject root, string list, string part, string name)
    {
        var entries = root[list] as JsonArray ?? throw new KubeconfigException($"{list}: needed, a list");
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i] is JsonObject entry && Optional(entry, $"{list}[{i}]", "name") == name)
            {
                return entry[part] is JsonObject body
                    ? ($"{list}[{i}].{part}", body)
                    : throw new KubeconfigException($"{list}[{i}].{part}: needed, a map");
            }
        }

        throw new KubeconfigException($"{list}: there is none named \"{name}\"");
    }

    private static void Only(JsonObject map, string at, string[] allowed)
    {
        foreach (var (field, _) in map)
        {
            var path = at.Length == 0 ? field : $"{at}.{field}";
            if (Refused.TryGetValue(field, out var reason))
            {
                throw new KubeconfigException($"{path}: {reason}");
            }

            if (!allowed.Contains(field, StringComparer.Ordinal))
            {
                throw new KubeconfigException($"{path}: not a known field; known are {string.Join(", ", allowed)}");
            }
        }
    }

    private static bool IsFalse(JsonNode node) => node is JsonValue value && value.TryGetValue<bool>(out var b) && !b;

    private static Uri Server(JsonObject cluster, string at)
    {
        var server = Text(cluster, at, "server");
        return Endpoints.Check(server) is { } wrong
            ? throw new KubeconfigException($"{at}.server: {wrong}")
            : new Uri(server);
    }

    private static string Text(JsonObject map, string at, string field) =>
        Optional(map, at, field) is { Length: > 0 } text
            ? text
            : throw new KubeconfigException($"{at}.{field}: needed, a string");

    private static string? Optional(JsonObject map, string at, string field)
    {
        if (map[field] is not { } node)
        {
            return null;
        }

        return node is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : throw new KubeconfigException($"{(at.Length == 0 ? field : $"{at}.{field}")}: must be a string");
    }

    private static string? Data(JsonObject map, string at, string field)
    {
        if (Optional(map, at, field) is not { Length: > 0 } encoded)
        {
            return null;
        }

        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
        }
        catch (FormatException)
        {
            throw new KubeconfigException($"{at}.{field}: must be base64");
        }
    }

    private static ClusterConnection Checked(ClusterConnection connection, string clusterAt, string userAt)
    {
        if (Credentials.CheckAuthority(connection.CaCertificate) is { } ca)
        {
            throw new KubeconfigException($"{clusterAt}.certificate-authority-data: {ca}");
        }

        if (connection.Token is null && connection.Certificate is null)
        {
            throw new KubeconfigException($"{userAt}: needs token, or client-certificate-data and client-key-data");
        }

        if (connection.Token is { } token && Credentials.CheckToken(token) is { } wrong)
        {
            throw new KubeconfigException($"{userAt}.token: {wrong}");
        }

        if (Credentials.CheckPair(connection.Certificate, connection.CertificateKey) is { } pair)
        {
            throw new KubeconfigException($"{userAt}.client-certificate-data: {pair}");
        }

        return connection;
    }
}

/// <summary>What is wrong with a certificate, a key or a token, in words that do not show it.</summary>
public static class Credentials
{
    /// <returns>What is wrong with the PEM of a CA, or null.</returns>
    public static string? CheckAuthority(string? pem)
    {
        if (pem is null)
        {
            return null;
        }

        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(pem);
            return certificates.Count == 0 ? "holds no PEM certificate" : null;
        }
        catch (CryptographicException)
        {
            return "is not a PEM certificate";
        }
    }

    /// <returns>What is wrong with the PEM of a client certificate and its key, or null.</returns>
    public static string? CheckPair(string? certificate, string? key)
    {
        if (certificate is null && key is null)
        {
            return null;
        }

        if (certificate is null || key is null)
        {
            return "a client certificate and its key come together";
        }

        try
        {
            using var pair = X509Certificate2.CreateFromPem(certificate, key);
            return null;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return "the certificate and the key must be PEM and belong together";
        }
    }

    /// <returns>What is wrong with a bearer token, or null.</returns>
    public static string? CheckToken(string token) =>
        token.Length is 0 or > 16_384 || token.Any(static c => c is <= ' ' or > '~')
            ? "must be 1 to 16384 visible ASCII characters"
            : null;
}
