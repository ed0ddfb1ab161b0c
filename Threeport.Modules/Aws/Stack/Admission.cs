using Amazon.EKS;
using Amazon.EKS.Model;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Stack;

/// <summary>
/// Who may do everything in the cluster: whoever made it, which EKS sees to, and whoever the account's credentials are of by now, should that be
/// another. Without, a new user or role in the account could not sign tokens that the cluster takes.
/// </summary>
internal sealed class Admission(StackContext context, string principal)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var admitted = context.Status.Admitted;
        var identity = AwsIdentity.Of(principal);
        if (admitted.Count == 0)
        {
            context.Status.Admitted = [identity];
        }
        else if (!admitted.Contains(identity))
        {
            await GrantAsync(cancellationToken);
            context.Status.Admitted = [.. admitted, identity];
        }
    }

    private async Task GrantAsync(CancellationToken cancellationToken)
    {
        var eks = context.Clients.Eks;
        var identity = await AwsIdentity.WholeAsync(context.Clients.Iam, principal, cancellationToken);
        var entry = new CreateAccessEntryRequest
        {
            ClusterName = context.Cluster,
            PrincipalArn = identity,
            Tags = context.Tags(StackKey.Cluster),
        };
        await AwsCalls.UnlessAsync(
            ["ResourceInUseException"],
            () => eks.CreateAccessEntryAsync(entry, cancellationToken)
        );
        await eks.AssociateAccessPolicyAsync(
            new AssociateAccessPolicyRequest
            {
                ClusterName = context.Cluster,
                PrincipalArn = identity,
                PolicyArn =
                    $"arn:{context.Clients.Partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                AccessScope = new() { Type = AccessScopeType.Cluster },
            },
            cancellationToken
        );
    }
}
