using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Threeport.Certificates;

/// <summary>A key pair's wish for a certificate (PKCS #10). Of what it says only the public key counts: who gets what is decided by who signs.</summary>
public static class SigningRequest
{
    private const int MaxLength = 16 * 1024;
    private const int LeastRsaBits = 2048;

    /// <summary>A new key pair.</summary>
    /// <returns>The request and the private key, PEM.</returns>
    public static (string Request, string Key) Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=threeport", key, HashAlgorithmName.SHA256);
        return (request.CreateSigningRequestPem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <returns>The public key; null when it is no request, was not signed with that key, or the key is too weak.</returns>
    public static PublicKey? KeyOf(string pem)
    {
        if (pem.Length > MaxLength)
        {
            return null;
        }

        try
        {
            var key = CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA256).PublicKey;
            return IsStrong(key) ? key : null;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static bool IsStrong(PublicKey key)
    {
        using var rsa = key.GetRSAPublicKey();
        using var ec = key.GetECDsaPublicKey();
        return rsa?.KeySize >= LeastRsaBits || ec?.KeySize >= 256;
    }
}
