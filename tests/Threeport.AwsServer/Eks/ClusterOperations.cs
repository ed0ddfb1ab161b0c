using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Clusters;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Eks;

internal static partial class ClusterOperations
{
    public static void AddTo(RestRoutes routes)
    {
        routes.Add("CreateCluster", "POST", "/clusters", Create);
        routes.Add("ListClusters", "GET", "/clusters", List);
        routes.Add("DescribeCluster", "GET", "/clusters/{name}", static call => Answer(call, call.Cluster()));
        routes.Add("DeleteCluster", "DELETE", "/clusters/{name}", Delete);
    }

    private static JsonObject List(RestCall call) =>
        call.Page("clusters", call.Here.Clusters.Keys.Order(StringComparer.Ordinal), static name => name);

    private static JsonObject Create(RestCall call)
    {
        var name = call.Required("name");
        var token = call.Text("clientRequestToken");
        if (call.Here.Clusters.GetValueOrDefault(name) is { } other)
        {
            return token is not null && other.Token == token && other.Status != "DELETING"
                ? Answer(call, other)
                : throw EksAnswers.InUse($"Cluster already exists with name: {name}", ("clusterName", name));
        }

        if (!ValidName().IsMatch(name))
        {
            throw EksAnswers.Invalid("The cluster name is not valid.", ("clusterName", name));
        }

        if (call.Here.Clusters.Count >= call.Cloud.Settings.Quotas.Clusters)
        {
            throw new AwsException("ResourceLimitExceededException", "Cluster limit exceeded");
        }

        var cluster = New(call, name, token);
        call.Here.Clusters.Add(name, cluster);
        ClusterLife.Start(call, cluster);
        return Answer(call, cluster);
    }

    private static Cluster New(RestCall call, string name, string? token)
    {
        var network =
            call.Body.Structure("resourcesVpcConfig") ?? throw EksAnswers.Invalid("resourcesVpcConfig is required.");
        var subnets = ClusterNetwork.Subnets(call, network.Texts("subnetIds") ?? []);
        var groups = ClusterNetwork.Groups(call, network.Texts("securityGroupIds") ?? []);
        var role = call.Required("roleArn");
        var version = Version(call, name);
        RoleChecks.MustBeAssumedBy(call, role, "eks.amazonaws.com");
        var cluster = new Cluster(call.Here, name, call.Now)
        {
            Token = token,
            Version = version,
            RoleArn = role,
            Vpc = subnets[0].Vpc,
            Subnets = subnets,
            SecurityGroups = groups,
            Creator = call.Caller.IamArn,
            Endpoint = call.Cloud.Endpoints.Open(
                new(call.Account.Id, call.Region, name),
                new ClusterAccess(call.Cloud, call.Here, name).Admit
            ),
        }.Tagged(call);
        if (cluster.Endpoint.Issuer is { } issuer)
        {
            call.Cloud.SetIssuerKeys(issuer.Url, issuer.Keys);
        }

        ReadNetwork(cluster, network);
        ReadAccess(cluster, call.Body.Structure("accessConfig") ?? []);
        ReadRest(cluster, call.Body);
        return cluster;
    }

    private static string Version(RestCall call, string name)
    {
        var version = call.Text("version") ?? ClusterVersions.Default;
        return ClusterVersions.Find(version) is not null
            ? version
            : throw EksAnswers.Invalid($"unsupported Kubernetes version {version}", ("clusterName", name));
    }

    private static void ReadNetwork(Cluster cluster, JsonObject network)
    {
        cluster.IsPublic = network.Flag("endpointPublicAccess") ?? true;
        cluster.IsPrivate = network.Flag("endpointPrivateAccess") ?? false;
        cluster.PublicCidrs = network.Texts("publicAccessCidrs") ?? ["0.0.0.0/0"];
    }

    private static void ReadAccess(Cluster cluster, JsonObject access)
    {
        cluster.AuthenticationMode = access.Text("authenticationMode") ?? "CONFIG_MAP";
        cluster.IsCreatorAdmin = access.Flag("bootstrapClusterCreatorAdminPermissions") ?? true;
    }

    private static void ReadRest(Cluster cluster, JsonObject body)
    {
        cluster.HasOwnAddons = body.Flag("bootstrapSelfManagedAddons") ?? true;
        cluster.ServiceCidr = body.Structure("kubernetesNetworkConfig")?.Text("serviceIpv4Cidr") ?? "10.100.0.0/16";
        cluster.Logging = body["logging"]?.DeepClone();
        cluster.SupportType = body.Structure("upgradePolicy")?.Text("supportType") ?? "EXTENDED";
        cluster.IsProtected = body.Flag("deletionProtection") ?? false;
    }

    private static JsonObject Delete(RestCall call)
    {
        var cluster = call.Cluster();
        var member = ("clusterName", cluster.Name);
        if (cluster.Nodegroups.Count > 0)
        {
            throw EksAnswers.InUse("Cluster has nodegroups attached", member);
        }

        if (cluster.Status == "CREATING")
        {
            throw EksAnswers.InUse("Cannot delete because cluster is currently being created", member);
        }

        if (cluster.Running(call.Now) is { } update)
        {
            throw EksAnswers.InUse(
                $"Cannot delete because cluster {cluster.Name} currently has update {update.Id} in progress",
                member
            );
        }

        if (cluster.IsProtected)
        {
            throw EksAnswers.Refused("Cannot delete a cluster with deletion protection enabled", member);
        }

        ClusterLife.End(call, cluster);
        return Answer(call, cluster);
    }

    private static JsonObject Answer(RestCall call, Cluster cluster) =>
        new() { ["cluster"] = ClusterWriting.Write(cluster, call.Now) };

    [GeneratedRegex("^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$")]
    private static partial Regex ValidName();
}
