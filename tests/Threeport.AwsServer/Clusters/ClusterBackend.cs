using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Threeport.AwsServer;

/// <summary>The Kubernetes API server that stands behind a cluster, and how an administrator gets in.</summary>
/// <param name="Server">Its address.</param>
/// <param name="CaCertificate">Its certificate authority, PEM; null trusts what the machine trusts.</param>
/// <param name="Token">A bearer token.</param>
/// <param name="ClientCertificate">A client certificate with its key.</param>
public sealed record ClusterBackend(
    Uri Server,
    string? CaCertificate = null,
    string? Token = null,
    X509Certificate2? ClientCertificate = null
)
{
    /// <summary>Who signs the tokens of its service accounts; null for an issuer of EKS, whose tokens nobody makes.</summary>
    public ClusterIssuer? Issuer { get; init; }

    /// <param name="asAdministrator">With the client certificate; without it for who brings credentials of its own.</param>
    internal HttpMessageInvoker Connect(bool asAdministrator)
    {
        var tls = new SslClientAuthenticationOptions();
        if (CaCertificate is { } pem)
        {
            var chain = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            chain.CustomTrustStore.ImportFromPem(pem);
            tls.CertificateChainPolicy = chain;
        }

        if (asAdministrator && ClientCertificate is { } certificate)
        {
            tls.ClientCertificates = [certificate];
        }

        return new(
            new SocketsHttpHandler
            {
                UseProxy = false,
                UseCookies = false,
                AllowAutoRedirect = false,
                ActivityHeadersPropagator = null,
                ConnectTimeout = TimeSpan.FromSeconds(10),
                SslOptions = tls,
            }
        );
    }
}
