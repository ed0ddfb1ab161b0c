using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon;
using Amazon.Runtime;

namespace Threeport.Modules.Aws.Calls;

/// <summary>
/// A token for the Kubernetes API of a cluster at EKS: a request to STS, "who am I", signed for this cluster and not sent. The cluster sends
/// it, and so knows who signed it. Making one asks nobody.
/// </summary>
internal static class ClusterToken
{
    /// <summary>How long clusters take it, counted from when it was signed.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private const string Prefix = "k8s-aws-v1.";
    private const string ClusterHeader = "x-k8s-aws-id";
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string Service = "sts";

    /// <summary>What the signature itself says, and clusters leave aside in favour of <see cref="Lifetime"/>.</summary>
    private const int Seconds = 60;

    /// <param name="credentials">Who it is.</param>
    /// <param name="region">The cluster's.</param>
    /// <param name="cluster">Its name.</param>
    /// <param name="now">When it is signed.</param>
    public static string For(ImmutableCredentials credentials, string region, string cluster, DateTimeOffset now)
    {
        var host = $"{Service}.{region}.{RegionEndpoint.GetBySystemName(region).PartitionDnsSuffix}";
        var moment = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{moment[..8]}/{region}/{Service}/aws4_request";
        var query = Query(credentials, scope, moment);
        var canonical = string.Join(
            '\n',
            "GET",
            "/",
            query,
            $"host:{host}",
            $"{ClusterHeader}:{cluster}",
            "",
            $"host;{ClusterHeader}",
            Hex(SHA256.HashData([]))
        );
        var text = string.Join('\n', Algorithm, moment, scope, Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var signature = Hex(Hash(Key(credentials.SecretKey, moment[..8], region), text));
        var url = $"https://{host}/?{query}&X-Amz-Signature={signature}";
        return Prefix
            + Convert.ToBase64String(Encoding.UTF8.GetBytes(url)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    private static string Query(ImmutableCredentials credentials, string scope, string moment)
    {
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["Action"] = "GetCallerIdentity",
            ["Version"] = "2011-06-15",
            ["X-Amz-Algorithm"] = Algorithm,
            ["X-Amz-Credential"] = $"{credentials.AccessKey}/{scope}",
            ["X-Amz-Date"] = moment,
            ["X-Amz-Expires"] = Seconds.ToString(CultureInfo.InvariantCulture),
            ["X-Amz-SignedHeaders"] = $"host;{ClusterHeader}",
        };
        if (credentials.UseToken)
        {
            parameters["X-Amz-Security-Token"] = credentials.Token;
        }

        return string.Join('&', parameters.Select(static p => $"{p.Key}={Uri.EscapeDataString(p.Value)}"));
    }

    private static byte[] Key(string secret, string date, string region) =>
        Hash(Hash(Hash(Hash(Encoding.UTF8.GetBytes($"AWS4{secret}"), date), region), Service), "aws4_request");

    private static byte[] Hash(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
