using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.State;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Ec2;

internal static class SecurityGroups
{
    public static void AddTo(QueryOperations operations)
    {
        operations["CreateSecurityGroup"] = Create;
        operations["DescribeSecurityGroups"] = static call =>
            call.Describe(call.Here.SecurityGroups, "GroupId", "securityGroupInfo", group => Write(call, group));
        operations["DeleteSecurityGroup"] = Delete;
    }

    /// <summary>The one that a VPC comes with: its members reach each other.</summary>
    public static SecurityGroup Default(QueryCall call, Vpc vpc)
    {
        var group = New(call.Visible(), vpc, "default", "default VPC security group");
        group.Rules.Add(
            new(IsEgress: false, "-1", From: null, To: null, SourceKind.Group, group.Id, Description: null)
        );
        return group;
    }

    /// <summary>All may leave it.</summary>
    public static SecurityGroup New(DateTimeOffset visible, Vpc vpc, string name, string description)
    {
        var group = new SecurityGroup(Ids.Ec2("sg"), visible, vpc, name, description);
        group.Rules.Add(
            new(IsEgress: true, "-1", From: null, To: null, SourceKind.Cidr, "0.0.0.0/0", Description: null)
        );
        return group;
    }

    private static XElement?[] Create(QueryCall call)
    {
        var here = call.Here;
        var (name, description) = (call.Parameters.Required("GroupName"), call.Parameters.Required("GroupDescription"));
        var vpc = here.Vpcs[call.Parameters.Required("VpcId")];
        var tags = call.TagsFor("security-group");
        if (here.SecurityGroups.Any(other => other.Vpc == vpc && other.Name == name))
        {
            throw new AwsException(
                "InvalidGroup.Duplicate",
                $"The security group '{name}' already exists for VPC '{vpc.Id}'"
            );
        }

        var group = here.SecurityGroups.Add(New(call.Visible(), vpc, name, description).Tagged(tags));
        return
        [
            Xml.Text("groupId", group.Id),
            Describing.Tags(group.Tags),
            Xml.Text("securityGroupArn", here.Arn("ec2", $"security-group/{group.Id}")),
            Xml.Flag("return", true),
        ];
    }

    private static XElement?[] Delete(QueryCall call)
    {
        var here = call.Here;
        var group = here.SecurityGroups[call.Parameters.Required("GroupId")];
        if (group.IsDefault)
        {
            throw new AwsException(
                "CannotDelete",
                $"the specified group: \"{group.Id}\" name: \"default\" cannot be deleted by a user"
            );
        }

        var isUsed =
            here.NetworkInterfaces.Any(network => network.Groups.Contains(group))
            || here.SecurityGroups.Any(other =>
                other != group && other.Rules.Any(rule => rule.Kind == SourceKind.Group && rule.Source == group.Id)
            );
        if (isUsed)
        {
            throw new AwsException("DependencyViolation", $"resource {group.Id} has a dependent object");
        }

        here.SecurityGroups.Remove(group);
        return [Xml.Flag("return", true), Xml.Text("groupId", group.Id)];
    }

    private static XElement?[] Write(QueryCall call, SecurityGroup group) =>
        [
            Xml.Text("groupId", group.Id),
            Xml.Text("groupName", group.Name),
            Xml.Text("groupDescription", group.Description),
            Xml.Text("ownerId", group.Vpc.Owner),
            Xml.Text("vpcId", group.Vpc.Id),
            Xml.Text("securityGroupArn", call.Here.Arn("ec2", $"security-group/{group.Id}")),
            Permissions(group, "ipPermissions", isEgress: false),
            Permissions(group, "ipPermissionsEgress", isEgress: true),
            Describing.Tags(group.Tags),
        ];

    private static XElement Permissions(SecurityGroup group, string name, bool isEgress) =>
        Xml.Items(
            name,
            group
                .Rules.Where(rule => rule.IsEgress == isEgress)
                .GroupBy(static rule => (rule.Protocol, rule.From, rule.To)),
            rules =>
                new[]
                {
                    Xml.Text("ipProtocol", rules.Key.Protocol),
                    Xml.Number("fromPort", rules.Key.From),
                    Xml.Number("toPort", rules.Key.To),
                    Sources(rules, SourceKind.Group, "groups", "groupId", group.Vpc.Owner),
                    Sources(rules, SourceKind.Cidr, "ipRanges", "cidrIp"),
                    Sources(rules, SourceKind.Cidr6, "ipv6Ranges", "cidrIpv6"),
                    Sources(rules, SourceKind.PrefixList, "prefixListIds", "prefixListId"),
                }
        );

    private static XElement Sources(
        IEnumerable<SecurityRule> rules,
        SourceKind kind,
        string list,
        string name,
        string? user = null
    ) =>
        Xml.Items(
            list,
            rules.Where(rule => rule.Kind == kind),
            rule =>
                new[]
                {
                    Xml.Text(name, rule.Source),
                    Xml.Text("userId", user),
                    Xml.Text("description", rule.Description),
                }
        );
}
