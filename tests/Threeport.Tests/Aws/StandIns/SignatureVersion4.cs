using System.Security.Cryptography;
using System.Text;

namespace Threeport.Tests.Aws.StandIns;

/// <summary>What the service does with a request that is signed by Signature Version 4: it signs it again and compares.</summary>
internal static class SignatureVersion4
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Who signed for which region and service; throws when the signature is not theirs.</summary>
    public static Scope Verify(Received request, string secret)
    {
        var parts = Authorization(request)[Algorithm.Length..]
            .Split(',', StringSplitOptions.TrimEntries)
            .Select(static part => part.Split('=', 2))
            .ToDictionary(static part => part[0], static part => part[1]);
        var scope = Scope.Parse(parts["Credential"]);
        var signed = parts["SignedHeaders"].Split(';');
        foreach (
            var required in request.Headers.Select(static header => header.Key.ToLowerInvariant()).Where(MustBeSigned)
        )
        {
            Require(signed.Contains(required), $"Header {required} is not signed.");
        }

        var moment = request.Header("X-Amz-Date")!;
        Require(moment.StartsWith(scope.Date, StringComparison.Ordinal), $"{moment} is not on {scope.Date}.");
        var text = $"{Algorithm}\n{moment}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(Canonical(request, signed)))}";
        Require(
            parts["Signature"] == Sign(text, secret, scope),
            $"Signed was another request than {Canonical(request, signed)}"
        );
        return scope;
    }

    private static string Authorization(Received request) =>
        request.Header("Authorization") is { } header && header.StartsWith(Algorithm, StringComparison.Ordinal)
            ? header
            : throw new InvalidDataException("The request is not signed.");

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidDataException(otherwise);
        }
    }

    private static bool MustBeSigned(string header) =>
        header == "host" || header.StartsWith("x-amz-", StringComparison.Ordinal);

    private static string Canonical(Received request, IReadOnlyList<string> signed)
    {
        var hash = Hash(request.Body);
        Require((request.Header("x-amz-content-sha256") ?? hash) == hash, "The body is not the one that was signed.");
        var headers = signed.Select(name => $"{name}:{Value(request, name)}\n");
        return $"{request.Verb}\n{Path(request.Path)}\n{Query(request)}\n{string.Concat(headers)}\n{string.Join(';', signed)}\n{hash}";
    }

    /// <summary>Without dots and empty segments, and each segment encoded once more than it came.</summary>
    private static string Path(string path)
    {
        var segments = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            if (segment == ".." && segments.Count > 0)
            {
                segments.RemoveAt(segments.Count - 1);
            }
            else if (segment is not ("" or "." or ".."))
            {
                segments.Add(Uri.EscapeDataString(segment));
            }
        }

        var end = path.EndsWith('/') && segments.Count > 0 ? "/" : "";
        return $"/{string.Join('/', segments)}{end}";
    }

    private static string Query(Received request) =>
        string.Join(
            '&',
            request
                .Query.Select(static pair => (Uri.EscapeDataString(pair.Key), Uri.EscapeDataString(pair.Value)))
                .Order(Comparer<(string Name, string Value)>.Create(ByBytes))
                .Select(static pair => $"{pair.Item1}={pair.Item2}")
        );

    private static int ByBytes((string Name, string Value) one, (string Name, string Value) other) =>
        string.CompareOrdinal(one.Name, other.Name) is not 0 and var names
            ? names
            : string.CompareOrdinal(one.Value, other.Value);

    private static string Value(Received request, string name) =>
        string.Join(
            ',',
            request
                .Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                .Select(static header =>
                    string.Join(' ', header.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                )
        );

    private static string Sign(string text, string secret, Scope scope)
    {
        var key = Encoding.UTF8.GetBytes($"AWS4{secret}");
        foreach (var part in (string[])[scope.Date, scope.Region, scope.Service, "aws4_request", text])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexStringLower(key);
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

internal sealed record Scope(string Key, string Date, string Region, string Service)
{
    public static Scope Parse(string credential)
    {
        var parts = credential.Split('/');
        return parts is [var key, var date, var region, var service, "aws4_request"]
            ? new Scope(key, date, region, service)
            : throw new InvalidDataException($"{credential} is not a credential's scope.");
    }

    public override string ToString() => $"{Date}/{Region}/{Service}/aws4_request";
}
