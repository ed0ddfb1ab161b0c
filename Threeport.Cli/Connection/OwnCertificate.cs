using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Threeport.Certificates;
using Threeport.Cli.Configuration;
using Threeport.Cli.Output;

namespace Threeport.Cli.Connection;

/// <summary>The certificate by which the user is known: it is renewed while it still works.</summary>
internal static class OwnCertificate
{
    /// <summary>Renews it in the configuration once two thirds of its life are over. That it did not work out is said, and no more.</summary>
    public static async Task RenewIfDueAsync(Session session, CancellationToken cancellationToken)
    {
        if (session.ControlPlane.Certificate is not { } pem || !IsDue(pem, TimeProvider.System.GetUtcNow()))
        {
            return;
        }

        try
        {
            await RenewAsync(session, cancellationToken);
        }
        catch (FailureException e)
        {
            session.Terminal.Error.WriteLine($"Warning: your certificate could not be renewed: {e.Message}");
        }
    }

    private static async Task RenewAsync(Session session, CancellationToken cancellationToken)
    {
        var (request, key) = SigningRequest.Make();
        var answer = await session.Client.SendAsync(
            new(HttpMethod.Post, "/v0/certificates", new JsonObject { ["csr"] = request }),
            cancellationToken
        );
        var file = ConfigFile.Load();
        if (file.ControlPlanes.Find(c => c.Name == session.ControlPlane.Name) is { } entry)
        {
            file.Set(entry with { Certificate = answer.Body?["certificate"].Text(), CertificateKey = key });
            file.Save();
        }
    }

    private static bool IsDue(string pem, DateTimeOffset now)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            var (from, to) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
            return now > from + ((to - from) * 2 / 3) && now < to;
        }
        catch (CryptographicException)
        {
            // It is not readable: the connection will say so.
            return false;
        }
    }
}
