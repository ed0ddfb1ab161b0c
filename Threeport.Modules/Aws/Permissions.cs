using System.Text.Json.Nodes;

namespace Threeport.Modules.Aws;

/// <summary>
/// What has to be allowed at AWS for what this module does: asked about before anything is made, and given to the controllers of a control
/// plane that runs there. By the services' names for the calls that the module makes, and for what AWS asks for behind them.
/// </summary>
internal static class Permissions
{
    /// <summary>The path of the roles that are made; no others are touched.</summary>
    public const string RolePath = "/threeport/";

    /// <summary>Things of EC2 and EKS, which have no names of ours to be known by before they are made.</summary>
    public static IReadOnlyList<string> Everywhere { get; } =
    [
        "ec2:AllocateAddress",
        "ec2:AssociateRouteTable",
        "ec2:AttachInternetGateway",
        "ec2:CreateInternetGateway",
        "ec2:CreateNatGateway",
        "ec2:CreateRoute",
        "ec2:CreateRouteTable",
        "ec2:CreateSubnet",
        "ec2:CreateTags",
        "ec2:CreateVpc",
        "ec2:DeleteInternetGateway",
        "ec2:DeleteNatGateway",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteRouteTable",
        "ec2:DeleteSecurityGroup",
        "ec2:DeleteSubnet",
        "ec2:DeleteTags",
        "ec2:DeleteVolume",
        "ec2:DeleteVpc",
        "ec2:DescribeAddresses",
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeNatGateways",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeTags",
        "ec2:DescribeVolumes",
        "ec2:DescribeVpcs",
        "ec2:DetachInternetGateway",
        "ec2:DisassociateRouteTable",
        "ec2:ModifySubnetAttribute",
        "ec2:ModifyVpcAttribute",
        "ec2:ReleaseAddress",
        "ec2:ReplaceRoute",
        "eks:AssociateAccessPolicy",
        "eks:CreateAccessEntry",
        "eks:CreateAddon",
        "eks:CreateCluster",
        "eks:CreateNodegroup",
        "eks:DeleteAddon",
        "eks:DeleteCluster",
        "eks:DeleteNodegroup",
        "eks:DescribeAddon",
        "eks:DescribeAddonVersions",
        "eks:DescribeCluster",
        "eks:DescribeClusterVersions",
        "eks:DescribeNodegroup",
        "eks:ListAddons",
        "eks:TagResource",
        "eks:UntagResource",
        "eks:UpdateAddon",
        "eks:UpdateClusterConfig",
        "eks:UpdateClusterVersion",
        "eks:UpdateNodegroupConfig",
        "eks:UpdateNodegroupVersion",
        "iam:CreateOpenIDConnectProvider",
        "iam:DeleteOpenIDConnectProvider",
        "iam:GetOpenIDConnectProvider",
        "iam:TagOpenIDConnectProvider",
    ];

    /// <summary>Roles under <see cref="RolePath"/>.</summary>
    public static IReadOnlyList<string> OfRoles { get; } =
    ["iam:CreateRole", "iam:DeleteRole", "iam:GetRole", "iam:ListAttachedRolePolicies", "iam:TagRole", "iam:UntagRole"];

    /// <summary>Which policies roles have: those of AWS that are named in <see cref="Attached"/>, and no others.</summary>
    public static IReadOnlyList<string> OfAttaching { get; } = ["iam:AttachRolePolicy", "iam:DetachRolePolicy"];

    /// <summary>
    /// A policy of a role's own has only who makes a control plane. Whoever has this has everything, so the controllers do not: they neither
    /// make the role that they are, nor change it.
    /// </summary>
    public static IReadOnlyList<string> OfGenesis { get; } = ["iam:PutRolePolicy", "iam:DeleteRolePolicy"];

    /// <summary>Roles that EKS and EC2 are given.</summary>
    public static IReadOnlyList<string> OfPassing { get; } = ["iam:PassRole"];

    /// <summary>The policies of AWS that the parts of a cluster need, behind <c>policy/</c>.</summary>
    public static IReadOnlyList<string> Attached { get; } =
    [
        "AmazonEKSClusterPolicy",
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEKS_CNI_Policy",
        "service-role/AmazonEBSCSIDriverPolicy",
    ];

    /// <summary>The role that EKS has in each account; the first cluster and node group of an account make theirs.</summary>
    public const string ServiceRole = "iam:CreateServiceLinkedRole";

    /// <summary>A policy that allows it, in an account.</summary>
    /// <param name="partition"><c>aws</c>, …</param>
    /// <param name="account">Its number.</param>
    /// <param name="isGenesis">For who makes a control plane with it, rather than for the controllers there.</param>
    public static JsonObject Policy(string partition, string account, bool isGenesis)
    {
        var roles = $"arn:{partition}:iam::{account}:role{RolePath}*";
        var statements = new JsonArray(
            // Accounts may name a role to assume, in whatever account.
            Statement([.. Everywhere, "sts:AssumeRole", "sts:TagSession"], "*"),
            Statement(isGenesis ? [.. OfRoles, .. OfGenesis] : OfRoles, roles),
            Statement(OfAttaching, roles, ("ArnEquals", "iam:PolicyARN", Arns(partition))),
            Statement(
                OfPassing,
                roles,
                ("StringEquals", "iam:PassedToService", ["eks.amazonaws.com", "ec2.amazonaws.com"])
            ),
            Statement(
                [ServiceRole],
                "*",
                ("StringEquals", "iam:AWSServiceName", ["eks.amazonaws.com", "eks-nodegroup.amazonaws.com"])
            )
        );
        return new() { ["Version"] = "2012-10-17", ["Statement"] = statements };
    }

    private static IEnumerable<string> Arns(string partition) =>
        Attached.Select(p => $"arn:{partition}:iam::aws:policy/{p}");

    private static JsonObject Statement(
        IEnumerable<string> actions,
        string resource,
        (string Test, string Key, IEnumerable<string> Values)? condition = null
    )
    {
        var statement = new JsonObject
        {
            ["Effect"] = "Allow",
            ["Action"] = Array(actions),
            ["Resource"] = resource,
        };
        if (condition is var (test, key, values))
        {
            statement["Condition"] = new JsonObject { [test] = new JsonObject { [key] = Array(values) } };
        }

        return statement;
    }

    private static JsonArray Array(IEnumerable<string> values) => new([.. values.Select(static v => (JsonNode)v)]);
}
