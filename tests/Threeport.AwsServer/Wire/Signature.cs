using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Threeport.AwsServer.Wire;

/// <summary>Signature version 4, computed again to see whether it is the one that came.</summary>
internal static class Signature
{
    /// <returns>Whether who signed it holds this secret and nothing was changed since.</returns>
    public static bool IsMadeWith(string secret, SignedRequest request, ReadOnlySpan<byte> body)
    {
        if (!IsBodyAsSigned(request, body, out var hash))
        {
            return false;
        }

        var time = request.Time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var toSign =
            $"AWS4-HMAC-SHA256\n{time}\n{request.Scope.Text}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical(request, hash))))}";
        var expected = Hex(HMACSHA256.HashData(Key(secret, request.Scope), Encoding.UTF8.GetBytes(toSign)));
        return CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(expected),
            Encoding.ASCII.GetBytes(request.Signature)
        );
    }

    private static bool IsBodyAsSigned(SignedRequest request, ReadOnlySpan<byte> body, out string hash)
    {
        var actual = Hex(SHA256.HashData(body));
        hash = request.Headers.GetValueOrDefault("x-amz-content-sha256") ?? actual;
        return hash == actual || hash == "UNSIGNED-PAYLOAD";
    }

    private static string Canonical(SignedRequest request, string hash)
    {
        // The path is encoded once more on top of how it was sent, as every service but S3 does.
        var path = string.Join('/', request.Path.Split('/').Select(UriText.Encode));
        var query = string.Join(
            '&',
            request
                .Query.Select(static pair => (Name: UriText.Encode(pair.Key), Value: UriText.Encode(pair.Value)))
                .OrderBy(static pair => pair.Name, StringComparer.Ordinal)
                .ThenBy(static pair => pair.Value, StringComparer.Ordinal)
                .Select(static pair => $"{pair.Name}={pair.Value}")
        );
        var headers = string.Concat(
            request.SignedHeaders.Select(name => $"{name}:{Trimmed(request.Headers.GetValueOrDefault(name) ?? "")}\n")
        );
        return $"{request.Method}\n{(path.Length == 0 ? "/" : path)}\n{query}\n{headers}\n{string.Join(';', request.SignedHeaders)}\n{hash}";
    }

    private static string Trimmed(string value) =>
        string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static byte[] Key(string secret, CredentialScope scope)
    {
        var key = Encoding.UTF8.GetBytes($"AWS4{secret}");
        foreach (var part in new[] { scope.Date, scope.Region, scope.Service, "aws4_request" })
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return key;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
