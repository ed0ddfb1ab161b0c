using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Sts;

/// <summary>The token of a service account, as an OIDC issuer signs it.</summary>
internal sealed record WebIdentity(
    string Signed,
    byte[] Signature,
    string Algorithm,
    string? KeyId,
    string Issuer,
    string Subject,
    string Audience,
    DateTimeOffset Expires
)
{
    /// <exception cref="AwsException">It is not a token.</exception>
    public static WebIdentity Read(string token)
    {
        try
        {
            var parts = token.Split('.');
            var (header, claims) = (Part(parts[0]), Part(parts[1]));
            return new(
                $"{parts[0]}.{parts[1]}",
                Base64Url.DecodeFromChars(parts[2]),
                (string?)header["alg"] ?? "",
                (string?)header["kid"],
                (string?)claims["iss"] ?? "",
                (string?)claims["sub"] ?? "",
                claims["aud"] is JsonArray many ? (string?)many[0] ?? "" : (string?)claims["aud"] ?? "",
                DateTimeOffset.FromUnixTimeSeconds((long?)claims["exp"] ?? 0)
            );
        }
        catch (Exception e)
            when (e is FormatException or JsonException or IndexOutOfRangeException or InvalidOperationException)
        {
            throw Invalid("The ID Token provided is not a valid JWT.");
        }
    }

    /// <param name="keys">The issuer's JWKS; null when the issuer is not reached.</param>
    /// <param name="now">The time.</param>
    /// <param name="clients">The audiences that the provider is for.</param>
    public void Verify(string? keys, DateTimeOffset now, IReadOnlyCollection<string> clients)
    {
        if (keys is null)
        {
            throw new AwsException(
                "IDPCommunicationError",
                "Couldn't retrieve verification key from your identity provider"
            );
        }

        if (Expires <= now)
        {
            throw new AwsException(
                "ExpiredTokenException",
                "Token expired: current date/time must be before the expiration"
            );
        }

        if (!clients.Contains(Audience))
        {
            throw Invalid("Incorrect token audience");
        }

        var candidates = ((JsonNode.Parse(keys) as JsonObject)?["keys"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .Where(key => KeyId is null || (string?)key["kid"] == KeyId);
        if (!candidates.Any(IsSignedWith))
        {
            throw Invalid("The ID Token signature could not be verified");
        }
    }

    private bool IsSignedWith(JsonObject key)
    {
        byte[] Value(string name) => Base64Url.DecodeFromChars((string?)key[name]);
        var data = Encoding.ASCII.GetBytes(Signed);
        switch (Algorithm, (string?)key["kty"])
        {
            case ("RS256", "RSA"):
                using (var rsa = RSA.Create(new RSAParameters { Modulus = Value("n"), Exponent = Value("e") }))
                {
                    return rsa.VerifyData(data, Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                }
            case ("ES256", "EC"):
                var point = new ECPoint { X = Value("x"), Y = Value("y") };
                using (var ec = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point }))
                {
                    return ec.VerifyData(data, Signature, HashAlgorithmName.SHA256);
                }
            default:
                return false;
        }
    }

    private static AwsException Invalid(string why) => new("InvalidIdentityToken", why);

    private static JsonObject Part(string text) =>
        JsonNode.Parse(Base64Url.DecodeFromChars(text)) as JsonObject ?? throw new FormatException("Not an object.");
}
