using Amazon.EC2.Model;
using Amazon.EKS.Model;
using Amazon.IdentityManagement.Model;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Stack;

/// <summary>
/// Compares what is recorded with what is there, with as few questions as answer that: one for the tags of all that is of EC2, one each for its
/// ways, and one for each part of the cluster. What is gone is made anew, what is otherwise than it was asked to be is put right by its step,
/// and tags that somebody changed are put back.
/// </summary>
internal sealed class Comparison(StackContext context, IReadOnlyList<string> wanted)
{
    private readonly List<string> _differences = [];

    /// <summary>What was not as it should be, in a few words each.</summary>
    public IReadOnlyList<string> Differences => _differences;

    /// <summary>Notes in the inventory what has to be done; tags are put back at once.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var resources = context.Status.Inventory.Where(r => wanted.Contains(r.Step)).ToList();
        await NetworkAsync([.. resources.Where(static r => IsOfEc2(r.Type))], cancellationToken);
        foreach (var resource in resources.Where(static r => r.Type is "cluster" or "nodegroup"))
        {
            // Their steps describe them, and compare all that can be changed.
            await LookAsync(resource, cancellationToken);
        }

        await AddonsAsync([.. resources.Where(static r => r.Type == "addon")], cancellationToken);
        foreach (var role in resources.Where(static r => r.Type == "role"))
        {
            await RoleAsync(role, cancellationToken);
        }

        foreach (var provider in resources.Where(static r => r.Type == "oidc-provider"))
        {
            await ProviderAsync(provider, cancellationToken);
        }
    }

    public static bool IsOfEc2(string type) =>
        type is "vpc" or "subnet" or "internet-gateway" or "elastic-ip" or "nat-gateway" or "route-table";

    private async Task NetworkAsync(List<StackResource> resources, CancellationToken cancellationToken)
    {
        var ec2 = context.Clients.Ec2;
        var request = new DescribeTagsRequest
        {
            Filters = [new("resource-id", [.. resources.Select(static r => r.Id)])],
        };
        var tags = ((await ec2.DescribeTagsAsync(request, cancellationToken)).Tags ?? []).ToLookup(
            static t => t.ResourceId,
            StringComparer.Ordinal
        );
        foreach (var resource in resources)
        {
            var there = tags[resource.Id!].ToDictionary(static t => t.Key, static t => t.Value, StringComparer.Ordinal);
            if (there.Count == 0)
            {
                await WithoutTagsAsync(resource, cancellationToken);
            }
            else if (Missing(resource, there) is { Count: > 0 } missing)
            {
                await TagAsync(resource, missing, cancellationToken);
            }
        }

        await RoutesAsync([.. resources.Where(static r => r.Type == "route-table")], cancellationToken);
    }

    /// <summary>It is gone, or somebody took all of its tags: its describing says which.</summary>
    private async Task WithoutTagsAsync(StackResource resource, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(resource, cancellationToken))
        {
            await TagAsync(resource, context.Tags(resource.Step), cancellationToken);
        }
        else
        {
            Lost(resource);
        }
    }

    private async Task<bool> ExistsAsync(StackResource resource, CancellationToken cancellationToken)
    {
        var (ec2, id) = (context.Clients.Ec2, resource.Id!);
        return resource.Type switch
        {
            "vpc" => await IsThereAsync(() => ec2.DescribeVpcsAsync(new() { VpcIds = [id] }, cancellationToken)),
            "subnet" => await IsThereAsync(() =>
                ec2.DescribeSubnetsAsync(new() { SubnetIds = [id] }, cancellationToken)
            ),
            "internet-gateway" => await IsThereAsync(() =>
                ec2.DescribeInternetGatewaysAsync(new() { InternetGatewayIds = [id] }, cancellationToken)
            ),
            "elastic-ip" => await IsThereAsync(() =>
                ec2.DescribeAddressesAsync(new() { AllocationIds = [id] }, cancellationToken)
            ),
            "route-table" => await IsThereAsync(() =>
                ec2.DescribeRouteTablesAsync(new() { RouteTableIds = [id] }, cancellationToken)
            ),
            _ => await NatGatewayAsync(id, cancellationToken),
        };
    }

    private static async Task<bool> IsThereAsync<T>(Func<Task<T>> describe)
        where T : class => await AwsCalls.OrNothingAsync(describe) is not null;

    private async Task<bool> NatGatewayAsync(string id, CancellationToken cancellationToken)
    {
        var request = new DescribeNatGatewaysRequest { NatGatewayIds = [id] };
        var found = await AwsCalls.OrNothingAsync(() =>
            context.Clients.Ec2.DescribeNatGatewaysAsync(request, cancellationToken)
        );
        return found?.NatGateways is [{ State.Value: "available" or "pending" }, ..];
    }

    /// <summary>A table whose way out is gone, or that lost a subnet; gateways that are gone show here, too.</summary>
    private async Task RoutesAsync(List<StackResource> tables, CancellationToken cancellationToken)
    {
        if (tables.Count == 0)
        {
            return;
        }

        var request = new DescribeRouteTablesRequest { Filters = [new("vpc-id", [context.Id(StackKey.Vpc)])] };
        var found = (await context.Clients.Ec2.DescribeRouteTablesAsync(request, cancellationToken)).RouteTables ?? [];
        foreach (var table in tables)
        {
            if (found.FirstOrDefault(t => t.RouteTableId == table.Id) is not { } there)
            {
                continue;
            }

            var way = (there.Routes ?? []).FirstOrDefault(static r => r.DestinationCidrBlock == "0.0.0.0/0");
            if (way?.State?.Value != "active" || (there.Associations ?? []).All(static a => a.SubnetId is null))
            {
                await GatewayAsync(table, cancellationToken);
                Again(table, "its routes were changed");
            }
        }
    }

    private async Task GatewayAsync(StackResource table, CancellationToken cancellationToken)
    {
        var nat = context.Find($"{StackKey.NatGateway}/{StackKey.WhichOf(table.Step)}");
        if (nat is { State: StackState.Ready } && !await NatGatewayAsync(nat.Id!, cancellationToken))
        {
            Lost(nat);
        }
    }

    private async Task AddonsAsync(List<StackResource> addons, CancellationToken cancellationToken)
    {
        var request = new ListAddonsRequest { ClusterName = context.Cluster };
        var list = await AwsCalls.OrNothingAsync(() => context.Clients.Eks.ListAddonsAsync(request, cancellationToken));
        foreach (var addon in addons.Where(a => list?.Addons?.Contains(a.Id!) is not true))
        {
            Lost(addon);
        }
    }

    private async Task RoleAsync(StackResource role, CancellationToken cancellationToken)
    {
        var iam = context.Clients.Iam;
        var request = new GetRoleRequest { RoleName = role.Id };
        var found = await AwsCalls.OrNothingAsync(() => iam.GetRoleAsync(request, cancellationToken));
        if (found?.Role is not { } there)
        {
            Lost(role);
            return;
        }

        var missing = Missing(role, Dictionary(there.Tags));
        if (missing.Count > 0)
        {
            _differences.Add($"{role.Step}: tags were changed");
            await iam.TagRoleAsync(new() { RoleName = role.Id, Tags = Tags(missing) }, cancellationToken);
        }
    }

    private async Task ProviderAsync(StackResource provider, CancellationToken cancellationToken)
    {
        var iam = context.Clients.Iam;
        var request = new GetOpenIDConnectProviderRequest { OpenIDConnectProviderArn = provider.Arn };
        var found = await AwsCalls.OrNothingAsync(() => iam.GetOpenIDConnectProviderAsync(request, cancellationToken));
        if (found is null)
        {
            Lost(provider);
            return;
        }

        var missing = Missing(provider, Dictionary(found.Tags));
        if (missing.Count > 0)
        {
            _differences.Add($"{provider.Step}: tags were changed");
            await iam.TagOpenIDConnectProviderAsync(
                new() { OpenIDConnectProviderArn = provider.Arn, Tags = Tags(missing) },
                cancellationToken
            );
        }
    }

    private async Task LookAsync(StackResource resource, CancellationToken cancellationToken)
    {
        var look = await StackSteps.Of(resource.Step).LookAsync(context, resource, cancellationToken);
        if (look.Sight is Sight.Missing)
        {
            Lost(resource);
        }
        else if (look.Sight is not Sight.Ready)
        {
            Again(resource, look.Detail ?? "it was changed");
            resource.LookAt = context.Now + context.Options.PollEvery;
        }
    }

    private Dictionary<string, string> Missing(StackResource resource, Dictionary<string, string> there) =>
        context
            .Tags(resource.Step)
            .Where(t => there.GetValueOrDefault(t.Key) != t.Value)
            .ToDictionary(static t => t.Key, static t => t.Value, StringComparer.Ordinal);

    private async Task TagAsync(
        StackResource resource,
        Dictionary<string, string> tags,
        CancellationToken cancellationToken
    )
    {
        _differences.Add($"{resource.Step}: tags were changed");
        var request = new CreateTagsRequest
        {
            Resources = [resource.Id],
            Tags = [.. tags.Select(static t => new Amazon.EC2.Model.Tag(t.Key, t.Value))],
        };
        await context.Clients.Ec2.CreateTagsAsync(request, cancellationToken);
    }

    private void Lost(StackResource resource)
    {
        _differences.Add($"{resource.Step}: it is gone");
        context.Status.Inventory = [.. context.Status.Inventory.Where(r => r.Step != resource.Step)];
    }

    private void Again(StackResource resource, string why)
    {
        _differences.Add($"{resource.Step}: {why}");
        (resource.State, resource.Since, resource.LookAt, resource.Detail) = (
            StackState.Making,
            context.Now,
            null,
            why
        );
    }

    private static List<Amazon.IdentityManagement.Model.Tag> Tags(Dictionary<string, string> tags) =>
        [.. tags.Select(static t => new Amazon.IdentityManagement.Model.Tag { Key = t.Key, Value = t.Value })];

    private static Dictionary<string, string> Dictionary(List<Amazon.IdentityManagement.Model.Tag>? tags) =>
        (tags ?? []).ToDictionary(static t => t.Key!, static t => t.Value ?? "", StringComparer.Ordinal);
}
