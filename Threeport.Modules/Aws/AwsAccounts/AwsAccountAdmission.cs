namespace Threeport.Modules.Aws.AwsAccounts;

/// <summary>A role that is assumed for others asks for an external id: one is made, once, and kept.</summary>
internal sealed class AwsAccountAdmission : IAdmission<AwsAccount>
{
    public ValueTask AdmitAsync(AwsAccount resource, AwsAccount? current, CancellationToken cancellationToken)
    {
        if (resource.Spec is { RoleArn: not null, ExternalId: null } spec)
        {
            resource.Spec = spec with { ExternalId = current?.Spec.ExternalId ?? $"{Guid.CreateVersion7():D}" };
        }

        return ValueTask.CompletedTask;
    }
}
