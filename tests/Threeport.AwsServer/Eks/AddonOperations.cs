using System.Text.Json.Nodes;
using Threeport.AwsServer.Calls;

namespace Threeport.AwsServer.Eks;

internal static class AddonOperations
{
    public static void AddTo(RestRoutes routes)
    {
        routes.Add("CreateAddon", "POST", "/clusters/{name}/addons", Create);
        routes.Add("ListAddons", "GET", "/clusters/{name}/addons", List);
        routes.Add("DescribeAddon", "GET", "/clusters/{name}/addons/{addonName}", Describe);
        routes.Add("DeleteAddon", "DELETE", "/clusters/{name}/addons/{addonName}", Delete);
        routes.Add("UpdateAddon", "POST", "/clusters/{name}/addons/{addonName}/update", Update);
        routes.Add("DescribeAddonVersions", "GET", "/addons/supported-versions", DescribeVersions);
    }

    public static Addon Find(Cluster cluster, string name) =>
        cluster.Addons.GetValueOrDefault(name)
        ?? throw EksAnswers.NotFound(
            $"No addon: {name} found in cluster: {cluster.Name}",
            ("clusterName", cluster.Name),
            ("addonName", name)
        );

    private static JsonObject Create(RestCall call)
    {
        var cluster = call.ActiveCluster();
        var name = call.Required("addonName");
        var token = call.Text("clientRequestToken");
        if (cluster.Addons.GetValueOrDefault(name) is { } other)
        {
            return token is not null && other.Token == token && !other.IsDeleting
                ? Answer(other, call.Now)
                : throw EksAnswers.InUse("Addon already exists.", ("clusterName", cluster.Name), ("addonName", name));
        }

        var addon = new Addon(cluster, name, call.Now, call.Now + call.Cloud.Settings.Timings.Addon)
        {
            Token = token,
            Version = Version(call, cluster, name),
            RoleArn = call.Text("serviceAccountRoleArn"),
            Configuration = call.Text("configurationValues"),
        }.Tagged(call);
        var identities = Identities(call, cluster, addon);
        cluster.Addons.Add(name, addon);
        Associate(cluster, addon, identities);
        return Answer(addon, call.Now);
    }

    /// <summary>The version that is asked for, or the default for the cluster's.</summary>
    private static string Version(RestCall call, Cluster cluster, string name)
    {
        var kubernetes = ClusterVersions.Find(cluster.Version)!;
        if (AddonCatalog.All.GetValueOrDefault(name) is not { } offered)
        {
            throw EksAnswers.Invalid($"Addon {name} specified is not supported", ("addonName", name));
        }

        var version = call.Text("addonVersion") ?? offered.DefaultVersion(kubernetes);
        return offered.Versions(kubernetes).Contains(version)
            ? version
            : throw EksAnswers.Invalid(
                $"Addon version specified is not supported: {version}",
                ("clusterName", cluster.Name),
                ("addonName", name)
            );
    }

    private static List<PodIdentity> Identities(RestCall call, Cluster cluster, Addon addon) =>
        [
            .. (call.Body["podIdentityAssociations"] as JsonArray ?? [])
                .OfType<JsonObject>()
                .Select(given =>
                    PodIdentities.New(
                        call,
                        cluster,
                        "kube-system",
                        given.Text("serviceAccount") ?? "",
                        given.Text("roleArn") ?? "",
                        addon.Arn
                    )
                ),
        ];

    private static void Associate(Cluster cluster, Addon addon, IEnumerable<PodIdentity> identities)
    {
        foreach (var identity in identities)
        {
            addon.PodIdentities.Add(identity);
            cluster.PodIdentities.Add(identity.Id, identity);
        }
    }

    private static JsonObject List(RestCall call) =>
        call.Page("addons", call.Cluster().Addons.Keys.Order(StringComparer.Ordinal), static name => name);

    private static JsonObject Describe(RestCall call) => Answer(Named(call), call.Now);

    private static JsonObject Delete(RestCall call)
    {
        var addon = Named(call);
        if (!addon.IsDeleting)
        {
            addon.IsDeleting = true;
            call.Cloud.Timeline.In(
                call.Cloud.Settings.Timings.Addon,
                () =>
                {
                    addon.Cluster.Addons.Remove(addon.Name);
                    foreach (var identity in addon.PodIdentities)
                    {
                        addon.Cluster.PodIdentities.Remove(identity.Id);
                    }
                }
            );
        }

        return Answer(addon, call.Now);
    }

    private static JsonObject Update(RestCall call)
    {
        var addon = Named(call);
        if (ClusterUpdates.Repeated(call, addon) is { } before)
        {
            return before;
        }

        ClusterUpdates.MustBeIdle(call, addon, $"addon {addon.Name}");
        if (addon.Status(call.Now) is "CREATING" or "DELETING")
        {
            throw EksAnswers.InUse(
                $"Addon {addon.Name} cannot be updated as it is currently in {addon.Status(call.Now)} status"
            );
        }

        var version = call.Text("addonVersion") is null ? addon.Version : Version(call, addon.Cluster, addon.Name);
        return ClusterUpdates.Begin(
            call,
            addon,
            "AddonUpdate",
            [("AddonVersion", version), ("ResolveConflicts", call.Text("resolveConflicts") ?? "NONE")],
            () =>
            {
                addon.Version = version;
                addon.RoleArn = call.Text("serviceAccountRoleArn") ?? addon.RoleArn;
                addon.Configuration = call.Text("configurationValues") ?? addon.Configuration;
            }
        );
    }

    private static JsonObject DescribeVersions(RestCall call)
    {
        string? Value(string name) => call.Query[name].FirstOrDefault();
        var versions = ClusterVersions
            .All.Where(version => Value("kubernetesVersion") is not { } v || v == version.Name)
            .ToList();
        return call.Page(
            "addons",
            AddonCatalog.All.Values.Where(addon => Value("addonName") is not { } name || name == addon.Name),
            addon => Write(addon, versions)
        );
    }

    private static JsonObject Write(OfferedAddon addon, IReadOnlyList<KubernetesVersion> versions) =>
        new()
        {
            ["addonName"] = addon.Name,
            ["type"] = addon.Type,
            ["publisher"] = "eks",
            ["owner"] = "aws",
            ["addonVersions"] = new JsonArray([
                .. versions
                    .SelectMany(version => addon.Versions(version).Select(name => (Name: name, Version: version)))
                    .GroupBy(static pair => pair.Name, static pair => pair.Version)
                    .Select(group => new JsonObject
                    {
                        ["addonVersion"] = group.Key,
                        ["architecture"] = new JsonArray("amd64", "arm64"),
                        ["computeTypes"] = new JsonArray("ec2"),
                        ["requiresConfiguration"] = false,
                        ["requiresIamPermissions"] = addon.NeedsPermissions,
                        ["compatibilities"] = new JsonArray([
                            .. group.Select(version => new JsonObject
                            {
                                ["clusterVersion"] = version.Name,
                                ["platformVersions"] = new JsonArray("*"),
                                ["defaultVersion"] = addon.DefaultVersion(version) == group.Key,
                            }),
                        ]),
                    }),
            ]),
        };

    private static Addon Named(RestCall call) => Find(call.Cluster(), call.Route["addonName"]);

    private static JsonObject Answer(Addon addon, DateTimeOffset now)
    {
        var status = addon.Status(now);
        IEnumerable<HealthIssue> issues =
            status == "DEGRADED"
                ?
                [
                    new(
                        "InsufficientNumberOfReplicas",
                        "The add-on is unhealthy because it doesn't have the desired number of replicas.",
                        []
                    ),
                ]
                : [];
        var answer = new JsonObject
        {
            ["addonName"] = addon.Name,
            ["clusterName"] = addon.Cluster.Name,
            ["status"] = status,
            ["addonVersion"] = addon.Version,
            ["health"] = EksAnswers.Health(issues),
            ["addonArn"] = addon.Arn,
            ["createdAt"] = EksAnswers.Json(addon.Created),
            ["modifiedAt"] = EksAnswers.Json(addon.Modified),
            ["tags"] = EksAnswers.Json(addon.Tags),
        };
        if (addon.RoleArn is { } role)
        {
            answer["serviceAccountRoleArn"] = role;
        }

        if (addon.Configuration is { } configuration)
        {
            answer["configurationValues"] = configuration;
        }

        if (addon.PodIdentities.Count > 0)
        {
            answer["podIdentityAssociations"] = EksAnswers.Json(addon.PodIdentities.Select(static p => p.Arn));
        }

        return new() { ["addon"] = answer };
    }
}
