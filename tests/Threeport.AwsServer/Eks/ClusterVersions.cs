using System.Text.Json.Nodes;
using Threeport.AwsServer.Calls;

namespace Threeport.AwsServer.Eks;

/// <summary>A version of Kubernetes that EKS offers, with the dates that its support depends on.</summary>
internal sealed record KubernetesVersion(string Name, int Patch, string Released, bool IsStandard)
{
    public int Minor => int.Parse(Name.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture);

    public DateTimeOffset ReleasedAt =>
        DateTimeOffset.Parse(Released + "T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture);

    public string ReleaseVersion => $"{Name}.{Patch}-20250920";
}

internal static class ClusterVersions
{
    /// <summary>What a cluster gets when nothing is said: not the newest, as with EKS.</summary>
    public const string Default = "1.33";

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<KubernetesVersion> All { get; } =
    [
        new("1.34", 1, "2025-10-02", IsStandard: true),
        new("1.33", 5, "2025-05-29", IsStandard: true),
        new("1.32", 9, "2025-01-23", IsStandard: true),
        new("1.31", 13, "2024-09-26", IsStandard: false),
        new("1.30", 14, "2024-05-23", IsStandard: false),
    ];

    public static void AddTo(RestRoutes routes) =>
        routes.Add("DescribeClusterVersions", "GET", "/cluster-versions", Describe);

    public static KubernetesVersion? Find(string name) => All.FirstOrDefault(version => version.Name == name);

    private static JsonObject Describe(RestCall call)
    {
        string? Value(string name) => call.Query[name].FirstOrDefault();
        var wanted = call.Query["clusterVersions"].ToList();
        var status = Value("versionStatus") ?? Value("status")?.Replace('-', '_').ToUpperInvariant();
        return call.Page(
            "clusterVersions",
            All.Where(version =>
                (wanted.Count == 0 || wanted.Contains(version.Name))
                && (Value("defaultOnly") != "true" || version.Name == Default)
                && (status is null || Status(version) == status)
            ),
            Write
        );
    }

    private static string Status(KubernetesVersion version) =>
        version.IsStandard ? "STANDARD_SUPPORT" : "EXTENDED_SUPPORT";

    private static JsonObject Write(KubernetesVersion version) =>
        new()
        {
            ["clusterVersion"] = version.Name,
            ["clusterType"] = "eks",
            ["defaultPlatformVersion"] = "eks.9",
            ["defaultVersion"] = version.Name == Default,
            ["releaseDate"] = EksAnswers.Json(version.ReleasedAt),
            ["endOfStandardSupportDate"] = EksAnswers.Json(version.ReleasedAt.AddMonths(14)),
            ["endOfExtendedSupportDate"] = EksAnswers.Json(version.ReleasedAt.AddMonths(26)),
            ["status"] = Status(version).ToLowerInvariant().Replace('_', '-'),
            ["versionStatus"] = Status(version),
            ["kubernetesPatchVersion"] = $"{version.Name}.{version.Patch}",
        };
}
