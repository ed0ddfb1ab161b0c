using Threeport.Modules.Aws.AwsAccounts;

namespace Threeport.Modules.Aws.AwsEksKubernetesRuntimeDefinitions;

/// <summary>A definition that names no account is made in the default one, for good: another default later does not move it.</summary>
internal sealed class AwsEksKubernetesRuntimeDefinitionAdmission(IResources resources)
    : IAdmission<AwsEksKubernetesRuntimeDefinition>
{
    public async ValueTask AdmitAsync(
        AwsEksKubernetesRuntimeDefinition resource,
        AwsEksKubernetesRuntimeDefinition? current,
        CancellationToken cancellationToken
    )
    {
        if (string.IsNullOrEmpty(resource.Spec.AwsAccount))
        {
            var account = current?.Spec.AwsAccount ?? await DefaultAsync(cancellationToken);
            resource.Spec = resource.Spec with { AwsAccount = account };
        }
    }

    private async Task<string> DefaultAsync(CancellationToken cancellationToken)
    {
        var defaults = ResourceFilter<AwsAccount>.All.Where(static x => x.Spec.DefaultAccount, "true");
        await foreach (var account in resources.ListAsync(defaults, cancellationToken))
        {
            return account.Name;
        }

        throw new ProblemException(
            Problems.Validation(
                new ProblemError(
                    "/spec/awsAccount",
                    "No account is named, and there is no default account. Name one, or set defaultAccount: true on one of them."
                )
            )
        );
    }
}
