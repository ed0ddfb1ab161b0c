using System.Text.Json.Nodes;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Ec2;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Eks;

/// <summary>The network that a cluster is put into, as it must be.</summary>
internal static class ClusterNetwork
{
    /// <returns>The subnets: at least two, of one VPC, in zones that have room.</returns>
    public static IReadOnlyList<Subnet> Subnets(RestCall call, IReadOnlyList<string> ids)
    {
        var subnets = ids.Select(id => Find(call.Here.Subnets, id, "subnet")).ToList();
        if (subnets.Count == 0 || subnets.DistinctBy(static subnet => subnet.Zone).Count() < 2)
        {
            throw EksAnswers.Invalid("Subnets specified must be in at least two different AZs");
        }

        if (subnets.DistinctBy(static subnet => subnet.Vpc).Count() > 1)
        {
            throw EksAnswers.Invalid("Subnets specified must belong to the same VPC");
        }

        var full = call.Cloud.Settings.ZonesWithoutClusters;
        return subnets.Find(subnet => full.Contains(subnet.Zone.Name)) is { } wrong
            ? throw NoRoom(call, wrong)
            : subnets;
    }

    public static IReadOnlyList<SecurityGroup> Groups(RestCall call, IReadOnlyList<string> ids) =>
        [.. ids.Select(id => Find(call.Here.SecurityGroups, id, "security group"))];

    public static T Find<T>(Ec2Store<T> store, string id, string what)
        where T : Ec2Resource =>
        store.TryGet(id, out var found)
            ? found
            : throw EksAnswers.Invalid(
                $"The {what} ID '{id}' does not exist (Service: Ec2, Status Code: 400, Error Code: {store.NotFound(id).Code})"
            );

    private static AwsException NoRoom(RestCall call, Subnet subnet)
    {
        var valid = Geography
            .Zones(call.Region)
            .Select(static zone => zone.Name)
            .Except(call.Cloud.Settings.ZonesWithoutClusters)
            .ToList();
        return new(
            "UnsupportedAvailabilityZoneException",
            $"Cannot create cluster '{call.Text("name")}' because {subnet.Zone.Name}, the targeted availability zone, does not currently have sufficient capacity to support the cluster. Retry and choose from these availability zones: {string.Join(", ", valid)}"
        )
        {
            Members = new JsonObject { ["clusterName"] = call.Text("name"), ["validZones"] = EksAnswers.Json(valid) },
        };
    }
}
