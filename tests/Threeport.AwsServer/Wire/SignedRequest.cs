using System.Globalization;

namespace Threeport.AwsServer.Wire;

/// <summary>What a signature is made over, and the signature: from the Authorization header or, presigned, from the query.</summary>
/// <param name="Method">GET, POST, …</param>
/// <param name="Path">As it was sent, encoded.</param>
/// <param name="Query">Decoded, without the signature.</param>
/// <param name="Headers">Those that came, by lower-case name.</param>
/// <param name="Scope">Who, when, where.</param>
/// <param name="SignedHeaders">Names of the headers that are part of it.</param>
/// <param name="Signature">Hexadecimal.</param>
/// <param name="Time">When it was made.</param>
/// <param name="Expires">How long a presigned one holds; null for a header.</param>
/// <param name="SessionToken">Of temporary credentials.</param>
internal sealed record SignedRequest(
    string Method,
    string Path,
    IReadOnlyList<KeyValuePair<string, string>> Query,
    IReadOnlyDictionary<string, string> Headers,
    CredentialScope Scope,
    IReadOnlyList<string> SignedHeaders,
    string Signature,
    DateTimeOffset Time,
    TimeSpan? Expires,
    string? SessionToken
)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <returns>Null when it is not signed, or not so that it can be read.</returns>
    public static SignedRequest? Read(
        string method,
        string path,
        IReadOnlyList<KeyValuePair<string, string>> query,
        IReadOnlyDictionary<string, string> headers
    ) =>
        headers.TryGetValue("authorization", out var authorization)
        && authorization.StartsWith(Algorithm, StringComparison.Ordinal)
            ? FromHeader(method, path, query, headers, authorization)
            : FromQuery(method, path, query, headers);

    private static SignedRequest? FromHeader(
        string method,
        string path,
        IReadOnlyList<KeyValuePair<string, string>> query,
        IReadOnlyDictionary<string, string> headers,
        string authorization
    )
    {
        var parts = authorization[Algorithm.Length..]
            .Split(',', StringSplitOptions.TrimEntries)
            .Select(static part => part.Split('=', 2))
            .Where(static part => part.Length == 2)
            .ToLookup(static part => part[0], static part => part[1]);
        return
            CredentialScope.Parse(parts["Credential"].FirstOrDefault()) is { } scope
            && parts["SignedHeaders"].FirstOrDefault() is { } signed
            && parts["Signature"].FirstOrDefault() is { } signature
            && Instant(headers.GetValueOrDefault("x-amz-date")) is { } time
            ? new(
                method,
                path,
                query,
                headers,
                scope,
                signed.Split(';'),
                signature,
                time,
                Expires: null,
                headers.GetValueOrDefault("x-amz-security-token")
            )
            : null;
    }

    private static SignedRequest? FromQuery(
        string method,
        string path,
        IReadOnlyList<KeyValuePair<string, string>> query,
        IReadOnlyDictionary<string, string> headers
    )
    {
        string? Value(string name) => query.FirstOrDefault(pair => pair.Key == name).Value;
        if (Value("X-Amz-Algorithm") != Algorithm)
        {
            return null;
        }

        var seconds = Value("X-Amz-Expires") ?? "60";
        return
            CredentialScope.Parse(Value("X-Amz-Credential")) is { } scope
            && Value("X-Amz-SignedHeaders") is { } signed
            && Value("X-Amz-Signature") is { } signature
            && Instant(Value("X-Amz-Date")) is { } time
            && int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            ? new(
                method,
                path,
                [.. query.Where(static pair => pair.Key != "X-Amz-Signature")],
                headers,
                scope,
                signed.Split(';'),
                signature,
                time,
                TimeSpan.FromSeconds(expires),
                Value("X-Amz-Security-Token")
            )
            : null;
    }

    private static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParseExact(
            text,
            "yyyyMMdd'T'HHmmss'Z'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? time
            : null;
}

/// <summary><c>AKIA…/20300131/eu-central-1/eks/aws4_request</c>.</summary>
internal sealed record CredentialScope(string AccessKeyId, string Date, string Region, string Service)
{
    public string Text => $"{Date}/{Region}/{Service}/aws4_request";

    public static CredentialScope? Parse(string? text) =>
        text?.Split('/') is [{ Length: > 0 } key, { Length: 8 } date, var region, var service, "aws4_request"]
            ? new(key, date, region, service)
            : null;
}
