using Amazon.IdentityManagement.Model;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Stack.Steps;

/// <summary>Has IAM know the cluster's tokens, so that its workloads can be roles. Known by the issuer, which is the cluster's own.</summary>
internal sealed class IdentityProviderStep : StackStep
{
    public override string Type => "oidc-provider";

    public override bool IsRepeatable => true;

    public override async Task<Made> CreateAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new CreateOpenIDConnectProviderRequest
        {
            Url = context.Status.OidcIssuer,
            ClientIDList = ["sts.amazonaws.com"],
            Tags = [.. context.Tags(resource.Step).Select(static t => new Tag { Key = t.Key, Value = t.Value })],
        };
        try
        {
            var made = await context.Clients.Iam.CreateOpenIDConnectProviderAsync(request, cancellationToken);
            return new(made.OpenIDConnectProviderArn!, made.OpenIDConnectProviderArn);
        }
        catch (EntityAlreadyExistsException)
        {
            return new(Arn(context), Arn(context));
        }
    }

    public override async Task<Made?> FindAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        if (context.Status.OidcIssuer is null)
        {
            return null;
        }

        var request = new GetOpenIDConnectProviderRequest { OpenIDConnectProviderArn = Arn(context) };
        var found = await AwsCalls.OrNothingAsync(() =>
            context.Clients.Iam.GetOpenIDConnectProviderAsync(request, cancellationToken)
        );
        return found is null ? null : new(Arn(context), Arn(context));
    }

    public override async Task<bool> DeleteAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new DeleteOpenIDConnectProviderRequest { OpenIDConnectProviderArn = resource.Arn };
        await context.Clients.Iam.DeleteOpenIDConnectProviderAsync(request, cancellationToken);
        return true;
    }

    private static string Arn(StackContext context) =>
        $"arn:{context.Clients.Partition}:iam::{context.Clients.AccountId}:oidc-provider/{Trust.IssuerOf(context)}";
}
