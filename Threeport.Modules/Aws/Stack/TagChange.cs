using Amazon.EC2.Model;
using Amazon.EKS.Model;
using Amazon.IdentityManagement.Model;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

namespace Threeport.Modules.Aws.Stack;

/// <summary>The tags that a user wants on all of it are others than before. New ones are put on by what compares; those that are wanted no more go.</summary>
internal sealed class TagChange(StackContext context)
{
    public bool IsDue =>
        context.Status.Tags.Count != context.Definition.Tags.Count
        || context.Status.Tags.Any(t => context.Definition.Tags.GetValueOrDefault(t.Key) != t.Value);

    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        var gone = context.Status.Tags.Keys.Except(context.Definition.Tags.Keys).ToList();
        if (gone.Count == 0)
        {
            return;
        }

        var resources = context.Status.Inventory.Where(static r => r.Id is not null).ToList();
        var request = new DeleteTagsRequest
        {
            Resources = [.. resources.Where(static r => Comparison.IsOfEc2(r.Type)).Select(static r => r.Id)],
            Tags = [.. gone.Select(static k => new Amazon.EC2.Model.Tag { Key = k })],
        };
        await context.Clients.Ec2.DeleteTagsAsync(request, cancellationToken);
        foreach (var resource in resources.Where(static r => r.Type is "cluster" or "nodegroup" or "addon"))
        {
            var untag = new UntagResourceRequest { ResourceArn = resource.Arn, TagKeys = gone };
            await context.Clients.Eks.UntagResourceAsync(untag, cancellationToken);
        }

        foreach (var role in resources.Where(static r => r.Type == "role"))
        {
            var untag = new UntagRoleRequest { RoleName = role.Id, TagKeys = gone };
            await context.Clients.Iam.UntagRoleAsync(untag, cancellationToken);
        }
    }

    /// <summary>Add-ons are only looked at when something changes.</summary>
    public void Settle()
    {
        foreach (
            var addon in context.Status.Inventory.Where(static r => r is { Type: "addon", State: StackState.Ready })
        )
        {
            (addon.State, addon.Since) = (StackState.Making, context.Now);
        }

        context.Status.Tags = new Dictionary<string, string>(context.Definition.Tags, StringComparer.Ordinal);
    }
}
