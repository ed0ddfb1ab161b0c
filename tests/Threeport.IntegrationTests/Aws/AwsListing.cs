using System.Text.Json.Nodes;

namespace Threeport.IntegrationTests.Aws;

/// <summary>What awscli lists in an account and a region, of all that a cluster may consist of; by the names that a status has for them.</summary>
internal static class AwsListing
{
    /// <summary>In one region.</summary>
    public static async Task<IReadOnlyList<string>> RegionAsync(AwsCli cli)
    {
        List<string> found =
        [
            .. Texts(await cli.RunAsync("ec2", "describe-vpcs"), "Vpcs", "VpcId"),
            .. Texts(await cli.RunAsync("ec2", "describe-subnets"), "Subnets", "SubnetId"),
            .. Texts(await cli.RunAsync("ec2", "describe-internet-gateways"), "InternetGateways", "InternetGatewayId"),
            .. Texts(await cli.RunAsync("ec2", "describe-addresses"), "Addresses", "AllocationId"),
            .. Texts(await cli.RunAsync("ec2", "describe-nat-gateways"), "NatGateways", "NatGatewayId", IsThere),
            .. Texts(await cli.RunAsync("ec2", "describe-route-tables"), "RouteTables", "RouteTableId", IsMade),
            .. Texts(await cli.RunAsync("ec2", "describe-volumes"), "Volumes", "VolumeId"),
        ];
        foreach (var cluster in (await cli.RunAsync("eks", "list-clusters"))["clusters"]!.AsArray())
        {
            var name = (string)cluster!;
            var groups = await cli.RunAsync("eks", "list-nodegroups", "--cluster-name", name);
            var addons = await cli.RunAsync("eks", "list-addons", "--cluster-name", name);
            found.Add(name);
            found.AddRange(groups["nodegroups"]!.AsArray().Select(static n => (string)n!));
            found.AddRange(addons["addons"]!.AsArray().Select(static n => (string)n!));
        }

        return found;
    }

    /// <summary>In all of the account: what IAM has.</summary>
    public static async Task<IReadOnlyList<string>> AccountAsync(AwsCli cli) =>
        [
            .. Texts(await cli.RunAsync("iam", "list-roles"), "Roles", "RoleName"),
            .. Texts(await cli.RunAsync("iam", "list-policies", "--scope", "Local"), "Policies", "PolicyName"),
            .. Texts(await cli.RunAsync("iam", "list-open-id-connect-providers"), "OpenIDConnectProviderList", "Arn"),
        ];

    /// <summary>The same of a status.</summary>
    public static (IReadOnlyList<string> Region, IReadOnlyList<string> Account) Of(JsonNode eks)
    {
        var all = eks["status"]!["inventory"]!
            .AsArray()
            .Select(static r => (Type: (string)r!["type"]!, Id: (string?)r["id"], Arn: (string?)r["arn"]))
            .ToLookup(
                static r => r.Type is "role" or "oidc-provider",
                static r => r.Type == "oidc-provider" ? r.Arn! : r.Id!
            );
        return ([.. all[false]], [.. all[true]]);
    }

    private static bool IsThere(JsonNode gateway) => (string?)gateway["State"] != "deleted";

    /// <summary>Not the one that its VPC comes with.</summary>
    private static bool IsMade(JsonNode table) =>
        !table["Associations"]!.AsArray().Any(static a => (bool?)a!["Main"] is true);

    private static IEnumerable<string> Texts(
        JsonNode answer,
        string list,
        string field,
        Func<JsonNode, bool>? isMeant = null
    ) => (answer[list] as JsonArray ?? []).Where(n => isMeant is null || isMeant(n!)).Select(n => (string)n![field]!);
}
