using System.Text.Json.Nodes;
using Threeport.Certificates;

namespace Threeport.Installation;

/// <summary>Who everybody in the control plane is, what they may, and how they reach each other.</summary>
public sealed partial class Installer
{
    private static readonly TimeSpan ClientLifetime = TimeSpan.FromDays(90);

    /// <summary>A certificate of an administrator.</summary>
    /// <returns>Certificate and key, PEM.</returns>
    public (string Certificate, string Key) Administrator()
    {
        var identity = _secrets.Client(_authority!, new("admin", ["admin"]), ClientLifetime);
        return (identity["tls.crt"], identity["tls.key"]);
    }

    /// <summary>A kubeconfig by which the control plane may do anything in this cluster, reached as its pods reach it.</summary>
    public async Task<string> RuntimeKubeconfigAsync(CancellationToken cancellationToken)
    {
        var token = await UntilTokenAsync(cancellationToken);
        var kubernetes = await cluster.FindAsync(new("v1", "Service", "default", "kubernetes"), cancellationToken);
        var address = kubernetes!["spec"]!["clusterIP"]!.GetValue<string>();
        var port = kubernetes["spec"]!["ports"]![0]!["port"]!.GetValue<int>();
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["current-context"] = "self",
            ["clusters"] = Named(
                "cluster",
                new()
                {
                    ["server"] = $"https://{host}:{port}",
                    ["certificate-authority-data"] = Convert.ToBase64String(
                        System.Text.Encoding.UTF8.GetBytes(token["ca.crt"])
                    ),
                }
            ),
            ["users"] = Named("user", new() { ["token"] = token["token"] }),
            ["contexts"] = Named("context", new() { ["cluster"] = "self", ["user"] = "self" }),
        }.ToJsonString();

        static JsonArray Named(string part, JsonObject body) =>
            new((JsonNode)new JsonObject { ["name"] = "self", [part] = body });
    }

    /// <summary>Kubernetes fills the Secret soon after it was made.</summary>
    private async Task<IReadOnlyDictionary<string, string>> UntilTokenAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (
                await _secrets.FindAsync("runtime-token", cancellationToken) is { } token
                && token.ContainsKey("token")
                && token.ContainsKey("ca.crt")
            )
            {
                return token;
            }

            if (time.GetElapsedTime(start) > TimeSpan.FromSeconds(30))
            {
                throw new InstallationException(
                    "to read the Secret runtime-token",
                    "the cluster gave the service account runtime no token within 30 s",
                    "Look at the log of kube-controller-manager."
                );
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken);
        }
    }

    internal async Task<string> IdentitiesAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        foreach (var manifest in Templates.Read("rights", Values()).Concat(AtAws.Rights(plan, Values())))
        {
            progress($"{manifest["kind"]} {manifest["metadata"]!["name"]}");
            await cluster.ApplyAsync(manifest, cancellationToken);
        }

        var ca = await _secrets.EnsureAsync("ca", _secrets.Authority, cancellationToken);
        _authority = CertificateAuthority.Of(ca["tls.crt"], ca["tls.key"]);
        // What the user has himself is named once, and need not be named again.
        var trust = await _secrets.FindOpenAsync("trust", cancellationToken);
        await _secrets.ApplyOpenAsync(
            "trust",
            new Dictionary<string, string>
            {
                ["ca.crt"] = ca["tls.crt"],
                ["database-ca.crt"] = own.DatabaseCa ?? Known(plan.HasOwnDatabase, "database-ca.crt"),
                ["nats-ca.crt"] = own.NatsCa ?? Known(plan.HasOwnBroker, "nats-ca.crt"),
            },
            cancellationToken
        );
        await _secrets.EnsureAsync("keyring", Secrets.KeyRing, cancellationToken);
        var passwords = await _secrets.EnsureAsync("passwords", Secrets.Passwords, cancellationToken);
        if (!plan.HasOwnDatabase || own.Database is not null)
        {
            await _secrets.ApplyAsync("database", DatabaseConnections(passwords), cancellationToken);
        }

        if (!plan.HasOwnBroker || own.Nats is not null)
        {
            await _secrets.ApplyAsync("broker", BrokerAddress(passwords), cancellationToken);
        }

        await EnsureControllersAsync(cancellationToken);
        await _secrets.EnsureAsync("postgres-tls", () => Servers("postgres", 2), cancellationToken);
        await _secrets.EnsureAsync("nats-tls", () => Servers("nats", 3), cancellationToken);
        await _secrets.ApplyAsync("nats-settings", BrokerSettings(passwords), cancellationToken);
        return $"namespace {plan.Namespace}";

        string Known(bool isOwn, string name) =>
            isOwn && trust?.GetValueOrDefault(name) is { } known ? known : ca["tls.crt"];
    }

    /// <summary>Another version may have other modules, and their controllers each need their role.</summary>
    private async Task EnsureControllersAsync(CancellationToken cancellationToken)
    {
        var there = await _secrets.FindAsync("controllers-tls", cancellationToken);
        if (there is null || !Secrets.IsFor(there, ControllerRoles, time.GetUtcNow()))
        {
            await _secrets.ApplyAsync("controllers-tls", Controllers(), cancellationToken);
        }
    }

    private IReadOnlyList<string> ControllerRoles => [.. own.Modules.Select(static m => $"controller:{m}")];

    private Dictionary<string, string> Controllers() =>
        _secrets.Client(_authority!, new("controller:remote", ControllerRoles), ClientLifetime);

    /// <summary>For as many pods as there may ever be, so that a larger size needs no other certificate.</summary>
    private Dictionary<string, string> Servers(string server, int most) =>
        _secrets.Peer(
            _authority!,
            [
                $"{server}.{plan.Namespace}.svc",
                .. Enumerable.Range(0, most).Select(i => $"{server}-{i}.{plan.Namespace}.svc"),
            ]
        );

    private Dictionary<string, string> DatabaseConnections(IReadOnlyDictionary<string, string> passwords)
    {
        if (own.Database is { } database)
        {
            return new() { ["app"] = database, ["owner"] = own.DatabaseOwner ?? database };
        }

        var hosts = string.Join(',', Pods("postgres", plan.PostgresReplicas).Select(Host));
        string As(string user, string password) =>
            $"Host={hosts};Port=5432;Database=threeport;Username={user};Password={password};"
            + "SSL Mode=VerifyFull;Root Certificate=/etc/threeport/trust/database-ca.crt";
        return new()
        {
            ["app"] = As("threeport_app", passwords["app"]),
            ["owner"] = As("threeport", passwords["owner"]),
        };
    }

    private Dictionary<string, string> BrokerAddress(IReadOnlyDictionary<string, string> passwords) =>
        new()
        {
            ["url"] =
                own.Nats
                ?? string.Join(
                    ',',
                    Pods("nats", plan.NatsReplicas).Select(p => $"tls://threeport:{passwords["broker"]}@{Host(p)}:4222")
                ),
        };

    private Dictionary<string, string> BrokerSettings(IReadOnlyDictionary<string, string> passwords)
    {
        const string tls =
            "tls { cert_file: /etc/nats-tls/tls.crt, key_file: /etc/nats-tls/tls.key, ca_file: /etc/nats-tls/ca.crt, timeout: 3 }";
        var routes = Pods("nats", plan.NatsReplicas)
            .Select(p => $"\"nats-route://brokers:{passwords["brokers"]}@{Host(p)}:6222\"");
        var peers =
            plan.NatsReplicas > 1
                ? $$"""
                    cluster {
                      name: threeport
                      listen: "0.0.0.0:6222"
                      no_advertise: true
                      authorization { user: brokers, password: "{{passwords["brokers"]}}" }
                      {{tls}}
                      routes: [{{string.Join(", ", routes)}}]
                    }
                    """
                : "";
        return new()
        {
            ["nats.conf"] = $$"""
                server_name: $POD_NAME
                listen: "0.0.0.0:4222"
                http: "0.0.0.0:8222"
                max_payload: 1MB
                ping_interval: "5s"
                ping_max: 2
                write_deadline: "5s"
                authorization { user: threeport, password: "{{passwords["broker"]}}", timeout: 5 }
                {{tls}}
                jetstream { store_dir: /data, max_mem: 64MB, max_file: 1GB }
                {{peers}}

                """,
        };
    }
}
