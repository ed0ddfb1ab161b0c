using System.Globalization;
using Amazon.EKS;
using Amazon.EKS.Model;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Calls;
using Threeport.Modules.Aws.Tables;

namespace Threeport.Modules.Aws.Stack.Steps;

/// <summary>The nodes, all of one type: another type is another group, which takes the place of the first.</summary>
internal sealed class NodeGroupStep : StackStep
{
    private const string Minimum = "minimum";
    private const string Maximum = "maximum";

    private const string Remedy =
        "EKS tries on; if that takes too long, name another defaultNodeGroupInstanceType in the definition, or use another region.";

    public override string Type => "nodegroup";

    public override bool IsRepeatable => true;

    public override bool TakesTime => true;

    /// <summary>The version follows the control plane's, once that is there.</summary>
    public override IReadOnlyDictionary<string, string> Settings(StackContext context) =>
        new Dictionary<string, string>
        {
            [ClusterStep.Version] = context.Status.KubernetesVersion ?? "",
            [Minimum] = Text(context.Definition.DefaultNodeGroupMinimumSize),
            [Maximum] = Text(context.Definition.DefaultNodeGroupMaximumSize),
        };

    public override async Task<Made> CreateAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var (definition, name) = (context.Definition, NameOf(resource));
        var request = new CreateNodegroupRequest
        {
            ClusterName = context.Cluster,
            NodegroupName = name,
            InstanceTypes = [definition.DefaultNodeGroupInstanceType],
            AmiType = AMITypes.FindValue(NodeTypes.AmiTypeOf(definition.DefaultNodeGroupInstanceType)),
            NodeRole = context.Arn(StackKey.NodeRole),
            Subnets = context.Ids(StackKey.PrivateSubnet),
            ScalingConfig = new()
            {
                MinSize = definition.DefaultNodeGroupMinimumSize,
                MaxSize = definition.DefaultNodeGroupMaximumSize,
                DesiredSize = definition.DefaultNodeGroupInitialSize,
            },
            ClientRequestToken = context.Token(resource),
            Tags = context.Tags(resource.Step),
        };
        try
        {
            var made = (await context.Clients.Eks.CreateNodegroupAsync(request, cancellationToken)).Nodegroup!;
            return new(name, made.NodegroupArn);
        }
        catch (ResourceInUseException)
        {
            return await FindAsync(context, resource, cancellationToken) ?? throw new NotSeenYetException();
        }
    }

    public override async Task<Made?> FindAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        if (await DescribeAsync(context, NameOf(resource), cancellationToken) is not { } nodes)
        {
            return null;
        }

        return nodes.Tags?.GetValueOrDefault(StackTags.Owner) == context.Eks.Id.ToString("D")
            ? new(nodes.NodegroupName!, nodes.NodegroupArn)
            : throw new NotOursException(
                $"There is a node group {nodes.NodegroupName} in {context.Cluster} that is not ours."
            );
    }

    public override async Task<Look> LookAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        if (await DescribeAsync(context, resource.Id!, cancellationToken) is not { } nodes)
        {
            return Look.Missing;
        }

        var issues = Issues(nodes);
        if (nodes.Status == NodegroupStatus.CREATE_FAILED)
        {
            return Look.Failed(issues ?? "EKS says that it failed, and not why");
        }

        if (nodes.Status != NodegroupStatus.ACTIVE)
        {
            return issues is null ? Look.Busy(nodes.Status?.Value.ToLowerInvariant() ?? "unknown")
                // What it lacks EKS gets once there is some.
                : nodes.Status == NodegroupStatus.DEGRADED
                    ? Look.Held(StackTrouble.CapacityMissing, $"{issues} {Remedy}")
                : Look.Busy(issues);
        }

        await EksTags.KeepAsync(context, resource, nodes.Tags, cancellationToken);
        return await UpdateAsync(context, resource, nodes, cancellationToken);
    }

    public override async Task<bool> DeleteAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        if (resource.State is StackState.Deleting)
        {
            if (await DescribeAsync(context, resource.Id!, cancellationToken) is not { } nodes)
            {
                return true;
            }

            if (nodes.Status == NodegroupStatus.DELETING)
            {
                return false;
            }
        }

        var request = new DeleteNodegroupRequest { ClusterName = context.Cluster, NodegroupName = resource.Id };
        await context.Clients.Eks.DeleteNodegroupAsync(request, cancellationToken);
        return false;
    }

    private static async Task<Look> UpdateAsync(
        StackContext context,
        StackResource resource,
        Nodegroup nodes,
        CancellationToken cancellationToken
    )
    {
        var eks = context.Clients.Eks;
        var version = resource.Settings.GetValueOrDefault(ClusterStep.Version, "");
        if (version.Length > 0 && nodes.Version is not null && version != nodes.Version)
        {
            await eks.UpdateNodegroupVersionAsync(
                new UpdateNodegroupVersionRequest
                {
                    ClusterName = context.Cluster,
                    NodegroupName = resource.Id,
                    Version = version,
                },
                cancellationToken
            );
            return Look.Busy($"updating to {version}");
        }

        var (minimum, maximum) = (Number(resource, Minimum), Number(resource, Maximum));
        var now = nodes.ScalingConfig;
        if (now is null || (now.MinSize == minimum && now.MaxSize == maximum))
        {
            return Look.Ready;
        }

        await eks.UpdateNodegroupConfigAsync(
            new UpdateNodegroupConfigRequest
            {
                ClusterName = context.Cluster,
                NodegroupName = resource.Id,
                ScalingConfig = new()
                {
                    MinSize = minimum,
                    MaxSize = maximum,
                    DesiredSize = Math.Clamp(now.DesiredSize ?? minimum, minimum, maximum),
                },
            },
            cancellationToken
        );
        return Look.Busy($"resizing to {minimum} to {maximum} nodes");
    }

    private static async Task<Nodegroup?> DescribeAsync(
        StackContext context,
        string name,
        CancellationToken cancellationToken
    )
    {
        var request = new DescribeNodegroupRequest { ClusterName = context.Cluster, NodegroupName = name };
        var found = await AwsCalls.OrNothingAsync(() =>
            context.Clients.Eks.DescribeNodegroupAsync(request, cancellationToken)
        );
        return found?.Nodegroup;
    }

    private static string? Issues(Nodegroup nodes) =>
        nodes.Health?.Issues is { Count: > 0 } issues
            ? string.Join("; ", issues.Select(static i => $"{i.Code}: {i.Message}"))
            : null;

    private static string NameOf(StackResource resource) => $"nodes-{StackKey.WhichOf(resource.Step)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(StackResource resource, string setting) =>
        int.Parse(resource.Settings[setting], CultureInfo.InvariantCulture);
}
