using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Ec2;

internal static class SecurityRules
{
    public static void AddTo(QueryOperations operations)
    {
        operations["AuthorizeSecurityGroupIngress"] = static call => Authorize(call, isEgress: false);
        operations["AuthorizeSecurityGroupEgress"] = static call => Authorize(call, isEgress: true);
        operations["RevokeSecurityGroupIngress"] = static call => Revoke(call, isEgress: false);
        operations["RevokeSecurityGroupEgress"] = static call => Revoke(call, isEgress: true);
    }

    private static XElement?[] Authorize(QueryCall call, bool isEgress)
    {
        var group = call.Here.SecurityGroups[call.Parameters.Required("GroupId")];
        var rules = Read(call, isEgress);
        foreach (var rule in rules)
        {
            if (rule.Kind == SourceKind.Group)
            {
                _ = call.Here.SecurityGroups[rule.Source];
            }

            if (group.Rules.Exists(rule.IsSameAs))
            {
                throw new AwsException(
                    "InvalidPermission.Duplicate",
                    $"the specified rule \"peer: {rule.Source}, {rule.Protocol}, from port: {rule.From}, to port: {rule.To}, ALLOW\" already exists"
                );
            }
        }

        group.Rules.AddRange(rules);
        return [Xml.Flag("return", true), Xml.Items("securityGroupRuleSet", rules, rule => Write(call, group, rule))];
    }

    private static XElement?[] Revoke(QueryCall call, bool isEgress)
    {
        var group = call.Here.SecurityGroups[call.Parameters.Required("GroupId")];
        var ids = call.Parameters.Strings("SecurityGroupRuleId");
        var revoked =
            ids.Count > 0
                ? [.. ids.Select(id => group.Rules.Find(rule => rule.Id == id) ?? throw Missing(id))]
                : Read(call, isEgress)
                    .Select(wanted => group.Rules.Find(wanted.IsSameAs) ?? throw Missing(wanted.Source))
                    .ToList();
        group.Rules.RemoveAll(revoked.Contains);
        return [Xml.Flag("return", true)];
    }

    private static AwsException Missing(string what) =>
        new("InvalidPermission.NotFound", $"The specified rule ({what}) does not exist in this security group.");

    private static List<SecurityRule> Read(QueryCall call, bool isEgress)
    {
        var permissions = call.Parameters.Structures("IpPermissions");
        var rules =
            permissions.Count > 0 ? permissions.SelectMany(permission => Read(permission, isEgress)).ToList()
            : call.Parameters["CidrIp"] is { } cidr ? [Rule(call.Parameters, isEgress, SourceKind.Cidr, cidr, null)]
            : [];
        return rules.Count > 0
            ? rules
            : throw new AwsException("MissingParameter", "Either 'ipPermissions' or 'cidrIp' is needed.");
    }

    private static IEnumerable<SecurityRule> Read(QueryParameters permission, bool isEgress) =>
        from list in new (string Name, string Source, SourceKind Kind)[]
        {
            ("IpRanges", "CidrIp", SourceKind.Cidr),
            ("Ipv6Ranges", "CidrIpv6", SourceKind.Cidr6),
            ("Groups", "GroupId", SourceKind.Group),
            ("PrefixListIds", "PrefixListId", SourceKind.PrefixList),
        }
        from peer in permission.Structures(list.Name)
        select Rule(permission, isEgress, list.Kind, peer.Required(list.Source), peer["Description"]);

    private static SecurityRule Rule(
        QueryParameters permission,
        bool isEgress,
        SourceKind kind,
        string source,
        string? description
    )
    {
        var protocol = permission.Required("IpProtocol") switch
        {
            "6" => "tcp",
            "17" => "udp",
            "1" => "icmp",
            "all" => "-1",
            var other => other,
        };
        var isAll = protocol == "-1";
        return new(
            isEgress,
            protocol,
            isAll ? null : permission.Number("FromPort"),
            isAll ? null : permission.Number("ToPort"),
            kind,
            source,
            description
        );
    }

    private static XElement?[] Write(QueryCall call, SecurityGroup group, SecurityRule rule) =>
        [
            Xml.Text("securityGroupRuleId", rule.Id),
            Xml.Text("groupId", group.Id),
            Xml.Text("groupOwnerId", call.Account.Id),
            Xml.Flag("isEgress", rule.IsEgress),
            Xml.Text("ipProtocol", rule.Protocol),
            Xml.Number("fromPort", rule.From ?? -1),
            Xml.Number("toPort", rule.To ?? -1),
            Xml.Text("cidrIpv4", rule.Kind == SourceKind.Cidr ? rule.Source : null),
            Xml.Text("cidrIpv6", rule.Kind == SourceKind.Cidr6 ? rule.Source : null),
            Xml.Text("prefixListId", rule.Kind == SourceKind.PrefixList ? rule.Source : null),
            rule.Kind == SourceKind.Group
                ? new XElement(
                    "referencedGroupInfo",
                    Xml.Text("groupId", rule.Source),
                    Xml.Text("userId", call.Account.Id)
                )
                : null,
            Xml.Text("description", rule.Description),
        ];
}
