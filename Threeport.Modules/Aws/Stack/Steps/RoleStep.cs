using Amazon.IdentityManagement.Model;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Stack.Steps;

/// <summary>A role for a part of the cluster, with policies of AWS. Known by its name, which holds a part of the owner's id.</summary>
/// <param name="part">What of the name says which it is.</param>
/// <param name="policies">The policies' names behind <c>policy/</c>.</param>
/// <param name="trust">Who may be it.</param>
internal sealed class RoleStep(string part, string[] policies, Func<StackContext, string> trust) : StackStep
{
    public override string Type => "role";

    public override bool IsRepeatable => true;

    public override async Task<Made> CreateAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new CreateRoleRequest
        {
            RoleName = context.RoleName(part),
            Path = Permissions.RolePath,
            AssumeRolePolicyDocument = trust(context),
            Tags = [.. context.Tags(resource.Step).Select(static t => new Tag { Key = t.Key, Value = t.Value })],
        };
        try
        {
            var role = (await context.Clients.Iam.CreateRoleAsync(request, cancellationToken)).Role!;
            return new(role.RoleName!, role.Arn);
        }
        catch (EntityAlreadyExistsException)
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
        var request = new GetRoleRequest { RoleName = context.RoleName(part) };
        var found = await AwsCalls.OrNothingAsync(() => context.Clients.Iam.GetRoleAsync(request, cancellationToken));
        if (found?.Role is not { } role)
        {
            return null;
        }

        return (role.Tags ?? []).Any(t => t.Key == StackTags.Owner && t.Value == context.Eks.Id.ToString("D"))
            ? new(role.RoleName!, role.Arn)
            : throw new NotOursException($"There is a role {request.RoleName} that is not ours.");
    }

    public override async Task<Look> LookAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        foreach (var policy in policies)
        {
            var request = new AttachRolePolicyRequest { RoleName = resource.Id, PolicyArn = Arn(context, policy) };
            await context.Clients.Iam.AttachRolePolicyAsync(request, cancellationToken);
        }

        return Look.Ready;
    }

    public override async Task<bool> DeleteAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var iam = context.Clients.Iam;
        foreach (var policy in policies)
        {
            var request = new DetachRolePolicyRequest { RoleName = resource.Id, PolicyArn = Arn(context, policy) };
            await AwsCalls.OrNothingAsync(() => iam.DetachRolePolicyAsync(request, cancellationToken));
        }

        var delete = new DeleteRoleRequest { RoleName = resource.Id };
        try
        {
            await iam.DeleteRoleAsync(delete, cancellationToken);
        }
        catch (DeleteConflictException)
        {
            // Somebody gave it more.
            await DetachOthersAsync(context, resource, cancellationToken);
            await iam.DeleteRoleAsync(delete, cancellationToken);
        }

        return true;
    }

    private static async Task DetachOthersAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var iam = context.Clients.Iam;
        var list = new ListAttachedRolePoliciesRequest { RoleName = resource.Id };
        var attached = await iam.ListAttachedRolePoliciesAsync(list, cancellationToken);
        foreach (var policy in attached.AttachedPolicies ?? [])
        {
            var request = new DetachRolePolicyRequest { RoleName = resource.Id, PolicyArn = policy.PolicyArn };
            await AwsCalls.OrNothingAsync(() => iam.DetachRolePolicyAsync(request, cancellationToken));
        }
    }

    private static string Arn(StackContext context, string policy) =>
        $"arn:{context.Clients.Partition}:iam::aws:policy/{policy}";
}
