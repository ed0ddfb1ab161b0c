using FastEndpoints;
using Threeport.Api;
using Threeport.Certificates;
using Threeport.Server.Access;
using Threeport.Server.Auditing;

namespace Threeport.Server.Endpoints;

/// <summary>
/// <c>POST /v0/certificates</c>: signs a client's key. Without a name it is the caller's own certificate that is renewed, with
/// the roles that it has.
/// </summary>
internal sealed class IssueCertificateEndpoint(ClientCertificates certificates, Issuing issuing, AuditLog audit)
    : EndpointWithoutRequest
{
    private static readonly TimeSpan Usual = TimeSpan.FromDays(30);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    public override void Configure()
    {
        Post("/v0/certificates");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        var caller = CallerAuthentication.CallerOf(HttpContext);
        RequestQuery.Require(HttpContext);
        var body = await RequestBody.ReadObjectAsync(HttpContext, RequestBody.MaxResource);
        var identity = CallerAuthentication.IdentityOf(HttpContext);
        var isRenewal = body["name"] is null && body["roles"] is null && identity.Means == Identity.ByCertificate;
        var request = CredentialRequest.Read(
            body,
            Usual,
            Longest,
            CertificateLimits.MaxText,
            isRenewal ? identity : null,
            "csr"
        );
        var key = body["csr"] is { } csr && CredentialRequest.Text(csr) is { } pem ? SigningRequest.KeyOf(pem) : null;
        if (key is null)
        {
            throw CredentialRequest.Wrong(
                "csr",
                "Must be a certificate request (PKCS #10, PEM) with a key of at least RSA 2048 or P-256."
            );
        }

        if (!isRenewal)
        {
            issuing.Authorise(caller, request.Subject);
        }

        var subject = new ClientSubject(request.Subject.Name, request.Subject.Roles)
        {
            Groups = isRenewal ? identity.Groups : [],
        };
        using var issued = await certificates.IssueAsync(key, subject, request.Lifetime, caller.Name, ct);
        var roles = string.Join(',', subject.Roles);
        var given = $"{roles} until {issued.NotAfter.ToUniversalTime():O}";
        await audit.DoneAsync(caller, isRenewal ? "renew" : "issue", "certificates", subject.Name, given, ct);
        await Answers.WriteAsync(
            HttpContext,
            new NewCertificate(
                issued.SerialNumber.ToLowerInvariant(),
                issued.ExportCertificatePem(),
                certificates.CaPem,
                subject.Name,
                subject.Roles,
                issued.NotAfter.ToUniversalTime()
            ),
            201
        );
    }
}

/// <summary><c>GET /v0/certificates</c>: those that were issued and have not expired.</summary>
internal sealed class ListCertificatesEndpoint(ClientCertificates certificates, Rights rights) : EndpointWithoutRequest
{
    public override void Configure()
    {
        Get("/v0/certificates");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        rights.Require(CallerAuthentication.CallerOf(HttpContext), AccessVerb.Read, Subsystem.Credentials);
        RequestQuery.Require(HttpContext);
        await Answers.WriteAsync(HttpContext, new ItemList<IssuedCredential>(await certificates.ListAsync(ct), null));
    }
}

/// <summary><c>DELETE /v0/certificates/{id}</c>: revokes one, by its serial number.</summary>
internal sealed class RevokeCertificateEndpoint(ClientCertificates certificates, Rights rights, AuditLog audit)
    : EndpointWithoutRequest
{
    /// <summary>In hexadecimal digits; RFC 5280 allows 20 octets.</summary>
    private const int MaxSerial = 40;

    public override void Configure()
    {
        Delete("/v0/certificates/{id}");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        var caller = CallerAuthentication.CallerOf(HttpContext);
        rights.Require(caller, AccessVerb.Delete, Subsystem.Credentials);
        RequestQuery.Require(HttpContext);
        var id = Route<string>("id")!.ToLowerInvariant();
        if (id.Length > MaxSerial || !id.All(char.IsAsciiHexDigit))
        {
            throw new ProblemException(
                Problems.NotFound("There is no such certificate: its id is its serial number, in hexadecimal.")
            );
        }

        await certificates.RevokeAsync(id, ct);
        await audit.DoneAsync(caller, "revoke", "certificates", id, null, ct);
        await Answers.WriteEmptyAsync(HttpContext, 204);
    }
}

/// <summary>The limits of names in certificates.</summary>
internal static class CertificateLimits
{
    /// <summary>In characters: ub-common-name and ub-organization-name of RFC 5280, appendix A.1.</summary>
    public const int MaxText = 64;
}

/// <summary>The answer.</summary>
/// <param name="Id">The serial number, by which it can be revoked.</param>
/// <param name="Certificate">PEM.</param>
/// <param name="Ca">The CA of the control plane, PEM.</param>
/// <param name="Name">Who its bearer is.</param>
/// <param name="Roles">What it gives.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
internal sealed record NewCertificate(
    string Id,
    string Certificate,
    string Ca,
    string Name,
    IReadOnlyList<string> Roles,
    DateTimeOffset ExpiresAt
);
