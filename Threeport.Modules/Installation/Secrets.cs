using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Threeport.Certificates;
using Threeport.Kubernetes;

namespace Threeport.Installation;

/// <summary>
/// What only the installation may know: made once, kept in the cluster. Whoever comes again finds it there.
/// </summary>
internal sealed class Secrets(ClusterClient cluster, string ns, TimeProvider time)
{
    private static readonly string[] PasswordNames =
    [
        "superuser",
        "replication",
        "patroni",
        "owner",
        "app",
        "broker",
        "brokers",
    ];

    /// <summary>The one of that name; made when there is none.</summary>
    /// <returns>Its entries in clear.</returns>
    public async Task<IReadOnlyDictionary<string, string>> EnsureAsync(
        string name,
        Func<Dictionary<string, string>> make,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(name, cancellationToken) is { } there)
        {
            return there;
        }

        var made = make();
        // Somebody else may be at the same: whoever is first decides, for the servers may have begun with it.
        return await cluster.CreateAsync(Object("Secret", name, "data", made, Encoded), cancellationToken)
            ? made
            : await FindAsync(name, cancellationToken) ?? made;
    }

    /// <returns>Null when there is none.</returns>
    public async Task<IReadOnlyDictionary<string, string>?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var found = await cluster.FindAsync(new("v1", "Secret", ns, name), cancellationToken);
        return (found?["data"] as JsonObject)?.ToDictionary(
            static e => e.Key,
            static e => Encoding.UTF8.GetString(Convert.FromBase64String(e.Value!.GetValue<string>()))
        );
    }

    /// <returns>The entries of a ConfigMap; null when there is none.</returns>
    public async Task<IReadOnlyDictionary<string, string>?> FindOpenAsync(
        string name,
        CancellationToken cancellationToken
    )
    {
        var found = await cluster.FindAsync(new("v1", "ConfigMap", ns, name), cancellationToken);
        return (found?["data"] as JsonObject)?.ToDictionary(static e => e.Key, static e => e.Value!.GetValue<string>());
    }

    /// <summary>Whether a client's certificate gives these roles, and will for a while.</summary>
    public static bool IsFor(
        IReadOnlyDictionary<string, string> identity,
        IReadOnlyList<string> roles,
        DateTimeOffset now
    )
    {
        using var certificate = X509Certificate2.CreateFromPem(identity["tls.crt"]);
        var (from, to) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        return now < from + ((to - from) * 2 / 3)
            && ClientSubject.Of(certificate)?.Roles.ToHashSet(StringComparer.Ordinal).SetEquals(roles) is true;
    }

    public Task ApplyAsync(
        string name,
        IReadOnlyDictionary<string, string> entries,
        CancellationToken cancellationToken
    ) => cluster.ApplyAsync(Object("Secret", name, "data", entries, Encoded), cancellationToken);

    public Task ApplyOpenAsync(
        string name,
        IReadOnlyDictionary<string, string> entries,
        CancellationToken cancellationToken
    ) => cluster.ApplyAsync(Object("ConfigMap", name, "data", entries, static v => v), cancellationToken);

    /// <summary>A new CA.</summary>
    public Dictionary<string, string> Authority()
    {
        var (certificate, key) = CertificateAuthority.Make(time);
        return new() { ["tls.crt"] = certificate, ["tls.key"] = key };
    }

    /// <summary>The certificate of servers that are each other's clients, too, with its key and the CA.</summary>
    public Dictionary<string, string> Peer(CertificateAuthority authority, IReadOnlyList<string> names)
    {
        using var issued = authority.IssuePeer(names, time);
        using var key = issued.GetECDsaPrivateKey()!;
        return Identity(issued, key.ExportPkcs8PrivateKeyPem(), authority);
    }

    /// <summary>A client's certificate with its key and the CA.</summary>
    public Dictionary<string, string> Client(CertificateAuthority authority, ClientSubject subject, TimeSpan lifetime)
    {
        var (request, key) = SigningRequest.Make();
        using var issued = authority.IssueClient(SigningRequest.KeyOf(request)!, subject, lifetime, time);
        return Identity(issued, key, authority);
    }

    /// <summary>A key ring of one master key, in the form that the API layer reads.</summary>
    public static Dictionary<string, string> KeyRing()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var ring = new JsonObject
        {
            ["Active"] = id,
            ["Keys"] = new JsonObject { [id] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) },
        };
        return new() { ["keyring.json"] = ring.ToJsonString() };
    }

    /// <summary>Passwords that nobody has to remember.</summary>
    public static Dictionary<string, string> Passwords() =>
        PasswordNames.ToDictionary(
            static name => name,
            static _ => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24))
        );

    private static Dictionary<string, string> Identity(
        X509Certificate2 certificate,
        string key,
        CertificateAuthority authority
    ) =>
        new()
        {
            ["tls.crt"] = certificate.ExportCertificatePem(),
            ["tls.key"] = key,
            ["ca.crt"] = authority.Pem,
        };

    private static string Encoded(string value) => Convert.ToBase64String(Encoding.UTF8.GetBytes(value));

    private JsonObject Object(
        string kind,
        string name,
        string field,
        IReadOnlyDictionary<string, string> entries,
        Func<string, string> encode
    ) =>
        new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = ns,
                ["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "threeport" },
            },
            [field] = new JsonObject(
                entries.Select(e => KeyValuePair.Create<string, JsonNode?>(e.Key, encode(e.Value)))
            ),
        };
}
