using System.Text.Json.Nodes;
using Threeport.AwsServer.Calls;

namespace Threeport.AwsServer.Eks;

/// <summary>Changes of a cluster, and the updates of all that a cluster has.</summary>
internal static class ClusterUpdates
{
    public static void AddTo(RestRoutes routes)
    {
        routes.Add("UpdateClusterConfig", "POST", "/clusters/{name}/update-config", UpdateConfig);
        routes.Add("UpdateClusterVersion", "POST", "/clusters/{name}/updates", UpdateVersion);
        routes.Add("ListUpdates", "GET", "/clusters/{name}/updates", List);
        routes.Add("DescribeUpdate", "GET", "/clusters/{name}/updates/{updateId}", Describe);
    }

    /// <summary>Begins a change of something, which holds when it is over.</summary>
    public static JsonObject Begin(
        RestCall call,
        EksResource resource,
        string type,
        IReadOnlyList<(string, string)> parameters,
        Action change
    )
    {
        var duration = call.Cloud.Settings.Timings.Update;
        var update = new EksUpdate(type, call.Now, call.Now + duration)
        {
            Token = call.Text("clientRequestToken"),
            Parameters = parameters,
        };
        resource.Updates.Add(update);
        call.Cloud.Timeline.In(
            duration,
            () =>
            {
                change();
                resource.Modified = call.Now;
            }
        );
        return Answer(call, update);
    }

    /// <returns>What the same request was answered before; null when this is the first.</returns>
    public static JsonObject? Repeated(RestCall call, EksResource resource) =>
        call.Text("clientRequestToken") is { } token
        && resource.Updates.Find(update => update.Token == token) is { } before
            ? Answer(call, before)
            : null;

    public static void MustBeIdle(RestCall call, EksResource resource, string what)
    {
        if (resource.Running(call.Now) is { } update)
        {
            throw EksAnswers.InUse(
                $"Cannot update {what} because it currently has update {update.Id} in progress",
                ("clusterName", call.Route["name"])
            );
        }
    }

    private static JsonObject UpdateConfig(RestCall call)
    {
        var cluster = call.ActiveCluster();
        if (Repeated(call, cluster) is { } before)
        {
            return before;
        }

        MustBeIdle(call, cluster, $"cluster {cluster.Name}");
        var changes = new[] { "resourcesVpcConfig", "logging", "accessConfig", "upgradePolicy", "deletionProtection" }
            .Where(name => call.Body[name] is not null)
            .ToList();
        if (changes is not [var change])
        {
            throw EksAnswers.Invalid("Only one type of update can be allowed.", ("clusterName", cluster.Name));
        }

        return change switch
        {
            "resourcesVpcConfig" => ChangeNetwork(call, cluster, call.Body.Structure(change)!),
            "accessConfig" => ChangeAccess(call, cluster, call.Body.Structure(change)!),
            "logging" => Begin(
                call,
                cluster,
                "LoggingUpdate",
                [("ClusterLogging", call.Body[change]!.ToJsonString())],
                () => cluster.Logging = call.Body[change]!.DeepClone()
            ),
            "upgradePolicy" => Begin(
                call,
                cluster,
                "UpgradePolicyUpdate",
                [("UpgradePolicy", call.Body[change]!.ToJsonString())],
                () => cluster.SupportType = call.Body.Structure(change)!.Text("supportType") ?? cluster.SupportType
            ),
            _ => Begin(
                call,
                cluster,
                "DeletionProtectionUpdate",
                [("DeletionProtection", call.Body[change]!.ToJsonString())],
                () => cluster.IsProtected = call.Body.Flag(change) ?? false
            ),
        };
    }

    private static JsonObject ChangeNetwork(RestCall call, Cluster cluster, JsonObject network)
    {
        if (network.Texts("subnetIds") is { } subnetIds)
        {
            var subnets = ClusterNetwork.Subnets(call, subnetIds);
            var groups = ClusterNetwork.Groups(
                call,
                network.Texts("securityGroupIds") ?? [.. cluster.SecurityGroups.Select(static group => group.Id)]
            );
            return Begin(
                call,
                cluster,
                "VpcConfigUpdate",
                [("SubnetIds", string.Join(',', subnetIds))],
                () => (cluster.Subnets, cluster.SecurityGroups) = (subnets, groups)
            );
        }

        var isPublic = network.Flag("endpointPublicAccess") ?? cluster.IsPublic;
        var isPrivate = network.Flag("endpointPrivateAccess") ?? cluster.IsPrivate;
        var cidrs = network.Texts("publicAccessCidrs") ?? cluster.PublicCidrs;
        if (!isPublic && !isPrivate)
        {
            throw EksAnswers.Invalid("Private and public endpoint access cannot be false at the same time.");
        }

        if ((isPublic, isPrivate) == (cluster.IsPublic, cluster.IsPrivate) && cidrs.SequenceEqual(cluster.PublicCidrs))
        {
            throw EksAnswers.Invalid(
                $"Cluster is already at the desired configuration with endpointPrivateAccess: {isPrivate}, endpointPublicAccess: {isPublic}, and Public Endpoint Restrictions: [{string.Join(", ", cidrs)}]",
                ("clusterName", cluster.Name)
            );
        }

        return Begin(
            call,
            cluster,
            "EndpointAccessUpdate",
            [
                ("EndpointPublicAccess", isPublic ? "true" : "false"),
                ("EndpointPrivateAccess", isPrivate ? "true" : "false"),
                ("PublicAccessCidrs", EksAnswers.Json(cidrs).ToJsonString()),
            ],
            () => (cluster.IsPublic, cluster.IsPrivate, cluster.PublicCidrs) = (isPublic, isPrivate, cidrs)
        );
    }

    private static JsonObject ChangeAccess(RestCall call, Cluster cluster, JsonObject access)
    {
        string[] modes = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"];
        var mode = access.Text("authenticationMode");
        if (Array.IndexOf(modes, mode) <= Array.IndexOf(modes, cluster.AuthenticationMode))
        {
            throw EksAnswers.Invalid(
                $"Unsupported authentication mode update from {cluster.AuthenticationMode} to {mode}",
                ("clusterName", cluster.Name)
            );
        }

        return Begin(
            call,
            cluster,
            "AccessConfigUpdate",
            [("AuthenticationMode", mode!)],
            () => cluster.AuthenticationMode = mode!
        );
    }

    private static JsonObject UpdateVersion(RestCall call)
    {
        var cluster = call.ActiveCluster();
        if (Repeated(call, cluster) is { } before)
        {
            return before;
        }

        MustBeIdle(call, cluster, $"cluster {cluster.Name}");
        var wanted = call.Required("version");
        if (ClusterVersions.Find(wanted)?.Minor != ClusterVersions.Find(cluster.Version)!.Minor + 1)
        {
            throw EksAnswers.Invalid(
                $"Unsupported Kubernetes minor version update from {cluster.Version} to {wanted}",
                ("clusterName", cluster.Name)
            );
        }

        return Begin(
            call,
            cluster,
            "VersionUpdate",
            [("Version", wanted), ("PlatformVersion", "eks.9")],
            () => cluster.Version = wanted
        );
    }

    private static EksResource Target(RestCall call)
    {
        var cluster = call.Cluster();
        return (call.Query["nodegroupName"].FirstOrDefault(), call.Query["addonName"].FirstOrDefault()) switch
        {
            ({ } nodegroup, _) => NodegroupOperations.Find(cluster, nodegroup),
            (_, { } addon) => AddonOperations.Find(cluster, addon),
            _ => cluster,
        };
    }

    private static JsonObject List(RestCall call) =>
        call.Page("updateIds", Target(call).Updates, static update => update.Id);

    private static JsonObject Describe(RestCall call)
    {
        var id = call.Route["updateId"];
        return Answer(
            call,
            Target(call).Updates.Find(update => update.Id == id)
                ?? throw EksAnswers.NotFound($"No update found for ID: {id}")
        );
    }

    private static JsonObject Answer(RestCall call, EksUpdate update) =>
        new()
        {
            ["update"] = new JsonObject
            {
                ["id"] = update.Id,
                ["status"] = update.Due > call.Now ? "InProgress" : "Successful",
                ["type"] = update.Type,
                ["params"] = new JsonArray([
                    .. update.Parameters.Select(static parameter => new JsonObject
                    {
                        ["type"] = parameter.Type,
                        ["value"] = parameter.Value,
                    }),
                ]),
                ["createdAt"] = EksAnswers.Json(update.Created),
                ["errors"] = new JsonArray(),
            },
        };
}
