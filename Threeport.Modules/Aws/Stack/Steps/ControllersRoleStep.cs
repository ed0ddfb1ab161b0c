using Amazon.IdentityManagement.Model;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Stack.Steps;

/// <summary>
/// The role of the controllers of a control plane that runs in the cluster: for their service account in its namespace alone, and with a
/// policy of what this module calls.
/// </summary>
/// <param name="ns">The control plane's namespace.</param>
internal sealed class ControllersRoleStep(string ns) : StackStep
{
    /// <summary>The service account, and what the policy is called.</summary>
    private const string Controllers = "controllers";

    private readonly RoleStep _role = new(ns, [], context => Trust.ServiceAccount(context, ns, Controllers));

    public override string Type => _role.Type;

    public override bool IsRepeatable => _role.IsRepeatable;

    public override Task<Made> CreateAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    ) => _role.CreateAsync(context, resource, cancellationToken);

    public override Task<Made?> FindAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    ) => _role.FindAsync(context, resource, cancellationToken);

    public override async Task<Look> LookAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var clients = context.Clients;
        var request = new PutRolePolicyRequest
        {
            RoleName = resource.Id,
            PolicyName = Controllers,
            PolicyDocument = Permissions.Policy(clients.Partition, clients.AccountId, isGenesis: false).ToJsonString(),
        };
        await clients.Iam.PutRolePolicyAsync(request, cancellationToken);
        return Look.Ready;
    }

    public override async Task<bool> DeleteAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new DeleteRolePolicyRequest { RoleName = resource.Id, PolicyName = Controllers };
        await AwsCalls.OrNothingAsync(() => context.Clients.Iam.DeleteRolePolicyAsync(request, cancellationToken));
        return await _role.DeleteAsync(context, resource, cancellationToken);
    }
}
