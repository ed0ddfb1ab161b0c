using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Threeport.Certificates;
using Threeport.IntegrationTests.Server;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Access;

/// <summary>Every route that there is, asked for with every role and with every credential that is none.</summary>
public sealed class RightsTests
{
    private const string AllKinds = "*";
    private static readonly string[] AccessKinds = ["roles", "role-bindings"];
    private static readonly string[] Reports = ["kubernetes-runtime-observations", "workload-observations"];

    /// <summary>The table of rights, written down a second time: what each role may do to which kinds.</summary>
    private static readonly Dictionary<string, (string Verbs, string[] Kinds)[]> Table = new()
    {
        ["admin"] = [("read create update delete events", [AllKinds, .. AccessKinds])],
        ["operator"] = [("read create update delete events", [AllKinds]), ("read", AccessKinds)],
        ["developer"] = [("read", [AllKinds, .. AccessKinds]), ("create update delete", ["workload-instances"])],
        ["viewer"] = [("read", [AllKinds, .. AccessKinds])],
        ["controller:workloads"] =
        [
            ("read", [AllKinds]),
            (
                "create update delete events reconcile",
                ["workload-definitions", "workload-instances", "workload-observations"]
            ),
        ],
        ["agent:local"] = [("create update", Reports), ("events", [.. Reports, "workload-instances"])],
        ["of-nobody"] = [],
    };

    /// <summary>Routes of no kind: which roles get through; null for all.</summary>
    private static readonly Dictionary<string, string[]?> OtherRoutes = new()
    {
        ["GET /v0/kinds"] = null,
        ["GET /v0/auth"] = null,
        ["GET /v0/version"] = null,
        ["GET /v0/audit"] = ["admin", "operator"],
        ["GET /v0/keys"] = ["admin"],
        ["POST /v0/keys"] = ["admin"],
        ["POST /v0/backups"] = ["admin"],
        ["GET /v0/restore"] = ["admin"],
        ["POST /v0/restore"] = ["admin"],
        ["POST /v0/restore/confirm"] = ["admin"],
        ["GET /v0/tokens"] = ["admin"],
        ["POST /v0/tokens"] = ["admin"],
        ["DELETE /v0/tokens/{id}"] = ["admin"],
        ["GET /v0/certificates"] = ["admin"],
        ["POST /v0/certificates"] = ["admin"],
        ["DELETE /v0/certificates/{id}"] = ["admin"],
        ["POST /v0/apply"] = ["admin", "operator"],
        ["GET /v0/watch"] = ["admin", "operator", "developer", "viewer", "controller:workloads"],
    };

    private static readonly string[] OpenRoutes = ["/healthz", "/readyz", "/metrics", "/docs", "/openapi", "/scalar"];

    /// <summary>A route that FastEndpoints adds for its tests, and that is closed to everybody.</summary>
    private const string OfTheLibrary = "/_test_url_cache_";

    private HttpApi _api = null!;
    private List<(string Method, string Pattern)> _routes = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _api = await HttpApi.SharedAsync();
        _routes =
        [
            .. _api
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .SelectMany(static e =>
                    (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(m =>
                        (m, "/" + e.RoutePattern.RawText!.TrimStart('/'))
                    )
                )
                .Where(static r => !OpenRoutes.Any(o => r.Item2.StartsWith(o, StringComparison.Ordinal)))
                .Where(static r => r.Item2 != OfTheLibrary)
                .Distinct(),
        ];
    }

    [Test]
    public async Task Each_role_gets_through_where_the_table_says_so(
        [ValueSource(nameof(Roles))] string role,
        [Values("token", "certificate")] string means
    )
    {
        using var certificate = Certificate(role, TimeSpan.FromHours(1));
        using var client =
            means == "token" ? await _api.ClientAsync(new Caller(role, role)) : _api.SecureClient(certificate);
        var wrong = new List<string>();
        foreach (var (method, pattern) in _routes)
        {
            var status = await StatusAsync(client, method, pattern);
            if (IsAllowed(role, method, pattern) ? status is 401 or 403 or >= 500 : status != 403)
            {
                wrong.Add($"{method} {pattern}: {status}");
            }
        }

        Assert.That(wrong, Is.Empty);
        Assert.That(_routes, Has.Count.GreaterThan(80), "routes were found");
    }

    [Test]
    public async Task A_credential_that_is_none_gets_nowhere(
        [Values("none", "made up", "expired", "revoked", "with another's secret")] string token
    )
    {
        using var client = await _api.ClientAsync(null);
        if (await TokenAsync(token) is { } sent)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", sent);
        }

        await GetsNowhereAsync(client);
    }

    [Test]
    public async Task A_route_that_is_not_ours_is_there_for_nobody() =>
        Assert.That((await _api.SendAsync("GET", OfTheLibrary)).Status, Is.EqualTo(404));

    [Test]
    public async Task A_certificate_that_is_none_gets_nowhere(
        [Values("none", "expired", "revoked", "of a foreign CA", "of a server", "signed by a client")]
            string certificate
    )
    {
        using var shown = await CertificateAsync(certificate);
        using var client = _api.SecureClient(shown);
        await GetsNowhereAsync(client);
    }

    private async Task GetsNowhereAsync(HttpClient client)
    {
        var wrong = new List<string>();
        foreach (var (method, pattern) in _routes)
        {
            var status = await StatusAsync(client, method, pattern);
            if (status != 401)
            {
                wrong.Add($"{method} {pattern}: {status}");
            }
        }

        Assert.That(wrong, Is.Empty);
    }

    private static string[] Roles() => [.. Table.Keys];

    private static bool IsAllowed(string role, string method, string pattern)
    {
        if (OtherRoutes.TryGetValue($"{method} {pattern}", out var roles))
        {
            return roles is null || roles.Contains(role);
        }

        var parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(parts, Has.Length.GreaterThan(1), $"{method} {pattern} is in no table");
        var (kind, verbs) =
            parts[1] == "passes" ? (parts[2], "reconcile")
            : parts is [.., "events"] && method == "POST" ? (parts[1], "events")
            : (
                parts[1],
                method switch
                {
                    "GET" => "read",
                    "POST" => "create",
                    "PUT" => "create update",
                    "PATCH" => "update",
                    _ => "delete",
                }
            );
        return verbs.Split(' ').All(v => Table[role].Any(r => r.Verbs.Split(' ').Contains(v) && Means(r.Kinds, kind)));
    }

    private static bool Means(string[] kinds, string kind) =>
        kinds.Contains(kind) || (kinds.Contains(AllKinds) && !AccessKinds.Contains(kind));

    /// <summary>With what would be good enough to be stored where somebody may, but stores nothing.</summary>
    private static async Task<int> StatusAsync(HttpClient client, string method, string pattern)
    {
        var path = pattern
            .Replace("{name}", "of-nobody", StringComparison.Ordinal)
            .Replace("{id:guid}", Guid.CreateVersion7().ToString(), StringComparison.Ordinal)
            .Replace("{id}", "of-nobody", StringComparison.Ordinal)
            .Replace("{step}", "renew", StringComparison.Ordinal);
        var mayBeDry = method is not "GET" && !path.Contains("/passes/") && !path.EndsWith("/events");
        var isResource =
            mayBeDry
            && !path.StartsWith("/v0/tokens", StringComparison.Ordinal)
            && !path.StartsWith("/v0/certificates", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new(method), isResource ? $"{path}?dryRun=true" : path);
        if (method is not ("GET" or "DELETE"))
        {
            var type = method == "PATCH" ? "application/merge-patch+json" : "application/json";
            request.Content = new StringContent(BodyFor(method, pattern), Encoding.UTF8, type);
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return (int)response.StatusCode;
    }

    private static string BodyFor(string method, string pattern) =>
        pattern switch
        {
            "/v0/apply" => """{"resources": [{"kind": "plain-sample", "name": "of-nobody", "spec": {}}]}""",
            "/v0/certificates" => new JsonObject
            {
                ["name"] = "of-nobody",
                ["roles"] = new JsonArray("viewer"),
                ["csr"] = SigningRequest.Make().Request,
            }.ToJsonString(),
            "/v0/tokens" => """{"name": "of-nobody", "roles": ["viewer"], "expiresIn": "1s"}""",
            _ when pattern.Contains("/passes/") => """{"epoch": 1}""",
            _ when pattern.EndsWith("/events", StringComparison.Ordinal) => "[]",
            _ => new JsonObject
            {
                ["name"] = method == "POST" ? "of-nobody" : null,
                ["spec"] = Reports.Any(pattern.Contains)
                    ? new JsonObject { ["kubernetesRuntimeInstance"] = "local" }
                    : [],
            }.ToJsonString(),
        };

    private X509Certificate2 Certificate(string role, TimeSpan lifetime, CertificateAuthority? authority = null)
    {
        authority ??= _api.Services.GetRequiredService<CertificateAuthority>();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = authority.IssueClient(new(key), new(role, [role]), lifetime, TimeProvider.System);
        return issued.CopyWithPrivateKey(key);
    }

    private async Task<X509Certificate2?> CertificateAsync(string which)
    {
        switch (which)
        {
            case "none":
                return null;
            case "expired":
                return Certificate("admin", TimeSpan.FromSeconds(-1));
            case "revoked":
                var revoked = Certificate("admin", TimeSpan.FromHours(1));
                using (await _api.Admin.DeleteAsync($"/v0/certificates/{revoked.SerialNumber}")) { }

                return revoked;
            case "of a server":
                return _api
                    .Services.GetRequiredService<CertificateAuthority>()
                    .IssueServer(["admin"], TimeProvider.System);
            case "signed by a client":
                using (var client = Certificate("viewer", TimeSpan.FromHours(1)))
                {
                    return SignedBy(client);
                }

            default:
                var (ca, caKey) = CertificateAuthority.Make(TimeProvider.System);
                using (var foreign = CertificateAuthority.Of(ca, caKey))
                {
                    return Certificate("admin", TimeSpan.FromHours(1), foreign);
                }
        }
    }

    /// <summary>What .NET refuses to sign, since a client's certificate may sign nothing.</summary>
    private static X509Certificate2 SignedBy(X509Certificate2 issuer)
    {
        using var issuerKey = issuer.GetECDsaPrivateKey()!;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("O=admin, CN=admin", key, HashAlgorithmName.SHA256);
        using var issued = request.Create(
            issuer.SubjectName,
            X509SignatureGenerator.CreateForECDsa(issuerKey),
            issuer.NotBefore,
            issuer.NotAfter,
            [1, 2, 3]
        );
        return issued.CopyWithPrivateKey(key);
    }

    private async Task<string?> TokenAsync(string credential)
    {
        using var admin = await _api.ClientAsync(new Caller("admin", "admin"));
        var good = admin.DefaultRequestHeaders.Authorization!.Parameter!;
        switch (credential)
        {
            case "none":
                return null;
            case "made up":
                return "tp_0123456789abcdef_" + new string('A', 43);
            case "expired":
                return await _api.TokenAsync(new("late", "admin"), TimeSpan.FromMilliseconds(-1));
            case "revoked":
                using (await _api.Admin.DeleteAsync($"/v0/tokens/{good.Split('_')[1]}")) { }

                return good;
            default:
                var other = await _api.TokenAsync(new("other", "admin"), TimeSpan.FromMinutes(5));
                return string.Join('_', [.. good.Split('_', 3)[..2], other.Split('_', 3)[2]]);
        }
    }
}
