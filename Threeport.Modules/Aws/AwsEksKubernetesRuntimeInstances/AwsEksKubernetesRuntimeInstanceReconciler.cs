using Threeport.Modules.Aws.AwsAccounts;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeDefinitions;
using Threeport.Modules.Aws.Calls;
using Threeport.Modules.Aws.Stack;

namespace Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

/// <summary>Has a cluster, and all that it stands on, be as its definition says, and keeps a token for it that holds.</summary>
internal sealed class AwsEksKubernetesRuntimeInstanceReconciler(
    IResources resources,
    AwsClients clients,
    AwsOptions options,
    TimeProvider time
) : IReconciler<AwsEksKubernetesRuntimeInstance>
{
    public async ValueTask<Result> ReconcileAsync(
        Pass<AwsEksKubernetesRuntimeInstance> pass,
        CancellationToken cancellationToken
    )
    {
        var (spec, status) = (pass.Resource.Spec, pass.Resource.Status);
        var definition = await DefinitionAsync(spec, cancellationToken);
        if (definition is null)
        {
            return Result.Waiting(
                "DefinitionNotFound",
                $"There is no {AwsEksKubernetesRuntimeDefinition.Singular} {spec.AwsEksKubernetesRuntimeDefinition}."
            );
        }

        status.AwsAccount ??= definition.Spec.AwsAccount;
        var (account, notYet) = await AccountAsync(status.AwsAccount, cancellationToken);
        if (notYet is not null)
        {
            return notYet;
        }

        status.Region ??= spec.Region ?? account!.Spec.DefaultRegion;
        return await GuardedAsync(
            () =>
                new EksUpkeep(
                    Context(pass, definition.Spec, account!),
                    account!.Status.Principal ?? "",
                    pass,
                    time
                ).RunAsync(cancellationToken),
            status.Region,
            cancellationToken
        );
    }

    public async ValueTask<Result> FinalizeAsync(
        Pass<AwsEksKubernetesRuntimeInstance> pass,
        CancellationToken cancellationToken
    )
    {
        var status = pass.Resource.Status;
        if (status.AwsAccount is null || status.Region is null || (status.Inventory.Count == 0 && !pass.IsAfresh))
        {
            return Result.Ready;
        }

        // By now it may be gone: what was made says itself how it is taken down.
        var definition = await DefinitionAsync(pass.Resource.Spec, cancellationToken);
        var (account, notYet) = await AccountAsync(status.AwsAccount, cancellationToken);
        return notYet
            ?? await GuardedAsync(
                () =>
                    new EksRemoval(Context(pass, definition?.Spec ?? new(), account!), pass, time).RunAsync(
                        cancellationToken
                    ),
                status.Region,
                cancellationToken
            );
    }

    private StackContext Context(
        Pass<AwsEksKubernetesRuntimeInstance> pass,
        AwsEksKubernetesRuntimeDefinitionSpec definition,
        AwsAccount account
    ) => new(pass.Resource, definition, clients.For(account, pass.Resource.Status.Region!), options, time.GetUtcNow());

    private Task<AwsEksKubernetesRuntimeDefinition?> DefinitionAsync(
        AwsEksKubernetesRuntimeInstanceSpec spec,
        CancellationToken cancellationToken
    ) =>
        resources.FindAsync<AwsEksKubernetesRuntimeDefinition>(
            spec.AwsEksKubernetesRuntimeDefinition,
            cancellationToken
        );

    /// <summary>
    /// Only with credentials that are known to be of the account: with those of another everything would seem to be gone, and be made there.
    /// </summary>
    private async Task<(AwsAccount? Account, Result? NotYet)> AccountAsync(
        string name,
        CancellationToken cancellationToken
    )
    {
        var account = await resources.FindAsync<AwsAccount>(name, cancellationToken);
        return account switch
        {
            null => (null, Result.Waiting("AccountNotFound", $"There is no aws-account {name}.", options.PollEvery)),
            { IsReady: true } => (account, null),
            _ => (
                null,
                Result.Waiting(
                    "AccountNotReady",
                    $"aws-account {name} is not ready: {account.Ready.Reason}. {account.Ready.Message}".TrimEnd(),
                    options.PollEvery
                )
            ),
        };
    }

    /// <summary>What fails outside of the steps. None of the SDK's own exceptions leave here: they quote requests.</summary>
    private async Task<Result> GuardedAsync(Func<Task<Result>> work, string region, CancellationToken cancellationToken)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (AwsFailure.Of(exception, cancellationToken) is { } failure)
        {
            var trouble = StackTrouble.Of(failure);
            return Result.Waiting(
                trouble,
                StackTrouble.Describe(failure, region),
                StackTrouble.Passes(trouble) ? options.AgainAfter : options.RetryFailedAfter
            );
        }
    }
}
