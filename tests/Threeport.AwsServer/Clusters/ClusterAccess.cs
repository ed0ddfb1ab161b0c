using System.Buffers.Text;
using System.Text;
using System.Text.RegularExpressions;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Eks;
using Threeport.AwsServer.State;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Clusters;

/// <summary>Who somebody is within a cluster.</summary>
/// <param name="UserName">To Kubernetes.</param>
/// <param name="Groups">Of Kubernetes.</param>
/// <param name="IsAdministrator">May do everything, whatever the cluster's roles say.</param>
internal sealed record ClusterIdentity(string UserName, IReadOnlyList<string> Groups, bool IsAdministrator);

/// <summary>
/// Admits to a cluster who brings a presigned GetCallerIdentity that names it, by the rules that EKS's authenticator has, and whom the
/// cluster's access entries know.
/// </summary>
internal sealed partial class ClusterAccess(Cloud cloud, RegionState region, string name)
{
    public const string Prefix = "k8s-aws-v1.";

    private const string ClusterHeader = "x-k8s-aws-id";

    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "Action",
        "Version",
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-Security-Token",
        "X-Amz-Signature",
        "X-Amz-SignedHeaders",
    };

    /// <returns>Null for whom the cluster does not know.</returns>
    public ClusterIdentity? Admit(string token)
    {
        if (Read(token) is not { } request)
        {
            return null;
        }

        lock (cloud.Gate)
        {
            cloud.Timeline.Advance();
            try
            {
                var principal = Authentication.Identify(cloud, ClassicQueryService.Words, request, body: []);
                return region.Clusters.GetValueOrDefault(name) is { } cluster ? Find(cluster, principal) : null;
            }
            catch (AwsException)
            {
                return null;
            }
        }
    }

    private static ClusterIdentity? Find(Cluster cluster, Principal principal)
    {
        // The creator of a cluster without entries is its administrator, and nowhere listed.
        if (cluster.AuthenticationMode == "CONFIG_MAP")
        {
            return cluster.IsCreatorAdmin && cluster.Creator == principal.IamArn
                ? new("kubernetes-admin", ["system:masters"], IsAdministrator: true)
                : null;
        }

        return cluster.AccessEntries.GetValueOrDefault(principal.IamArn) is { } entry
            ? new(
                entry.UserName.Replace("{{SessionName}}", principal.Arn.Split('/')[^1], StringComparison.Ordinal),
                entry.Groups,
                entry.Policies.GetValueOrDefault(ClusterLife.AdminPolicy)?.Scope.Text("type") == "cluster"
            )
            : null;
    }

    private SignedRequest? Read(string token)
    {
        if (
            !token.StartsWith(Prefix, StringComparison.Ordinal)
            || !Base64Url.IsValid(token.AsSpan(Prefix.Length))
            || !Uri.TryCreate(
                Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.AsSpan(Prefix.Length))),
                UriKind.Absolute,
                out var url
            )
            || !IsSts(url)
        )
        {
            return null;
        }

        var query = UriText.Pairs(url.Query.TrimStart('?'));
        var headers = new Dictionary<string, string> { ["host"] = url.Authority, [ClusterHeader] = name };
        return
            IsAskingWho(query)
            && SignedRequest.Read("GET", url.AbsolutePath, query, headers) is { Expires: { } expires } request
            && request.Scope.Service == "sts"
            && request.SignedHeaders.Contains(ClusterHeader)
            && expires <= Authentication.Presigned
            ? request
            : null;
    }

    private static bool IsAskingWho(IReadOnlyList<KeyValuePair<string, string>> query) =>
        query.All(static pair => Known.Contains(pair.Key))
        && query.DistinctBy(static pair => pair.Key, StringComparer.OrdinalIgnoreCase).Count() == query.Count
        && query.Any(static pair => pair is { Key: "Action", Value: "GetCallerIdentity" });

    /// <summary>AWS's own addresses of STS, and wherever this imitation is reached, which is told by its port.</summary>
    private bool IsSts(Uri url) =>
        url.AbsolutePath == "/"
        && (
            url.Scheme == Uri.UriSchemeHttps && StsHost().IsMatch(url.Authority)
            || url.Scheme == cloud.Address.Scheme && url.Port == cloud.Address.Port
        );

    [GeneratedRegex(@"^sts\.([a-z0-9-]+\.)?amazonaws\.com$")]
    private static partial Regex StsHost();
}
