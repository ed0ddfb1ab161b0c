namespace Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeDefinitions;

/// <summary>Has the provider's own definition follow ours, which it belongs to and goes with.</summary>
internal sealed class KubernetesRuntimeDefinitionReconciler(IResources resources, InfraProviders providers)
    : IReconciler<KubernetesRuntimeDefinition>
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(10);

    public async ValueTask<Result> ReconcileAsync(
        Pass<KubernetesRuntimeDefinition> pass,
        CancellationToken cancellationToken
    )
    {
        var definition = pass.Resource;
        try
        {
            if (providers.Find(definition.Spec.InfraProvider) is { } provider)
            {
                await provider.PutDefinitionAsync(resources, definition.Shape(), cancellationToken);
            }

            return Result.Ready;
        }
        catch (ProblemException exception) when (exception.Problem.Status is >= 400 and < 500)
        {
            return Result.Waiting("ProviderRefused", exception.Message, AgainAfter);
        }
    }

    public async ValueTask<Result> FinalizeAsync(
        Pass<KubernetesRuntimeDefinition> pass,
        CancellationToken cancellationToken
    )
    {
        var definition = pass.Resource;
        try
        {
            return
                providers.Find(definition.Spec.InfraProvider) is not { } provider
                || await provider.DeleteDefinitionAsync(resources, definition.Name, cancellationToken)
                ? Result.Ready
                : Result.Waiting("Deleting", "Waiting for the provider's definition to go.", AgainAfter);
        }
        catch (ProblemException exception) when (exception.Problem.Status is 409)
        {
            return Result.Waiting("InUse", exception.Message, AgainAfter);
        }
    }
}
