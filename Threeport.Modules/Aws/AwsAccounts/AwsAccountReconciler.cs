using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.AwsAccounts;

/// <summary>Asks AWS who we are with these credentials, when they change and once an hour.</summary>
internal sealed class AwsAccountReconciler(AwsClients clients, TimeProvider time) : IReconciler<AwsAccount>
{
    private static readonly TimeSpan VerifyEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan WhileRefused = TimeSpan.FromMinutes(1);

    public async ValueTask<Result> ReconcileAsync(Pass<AwsAccount> pass, CancellationToken cancellationToken)
    {
        var (spec, status) = (pass.Resource.Spec, pass.Resource.Status);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(AwsClients.CallLimit);
            var identity = await clients.WhoAsync(pass.Resource, limit.Token);
            status.Principal = identity.Arn;
            status.VerifiedAt = time.GetUtcNow();
            return identity.Account == spec.AccountId
                ? Result.Done("Ready", requeueAfter: VerifyEvery)
                : Result.Waiting(
                    "AccountMismatch",
                    $"The credentials belong to account {identity.Account}, accountId says {spec.AccountId}.",
                    VerifyEvery
                );
        }
        catch (Exception exception) when (AwsFailure.Of(exception, cancellationToken) is { } failure)
        {
            return failure.IsThrottled
                ? Result.Waiting("Throttled", failure.Message, WhileRefused)
                : Result.Waiting(
                    failure.IsUnreachable ? "Unreachable" : "CredentialsRefused",
                    failure.Message,
                    WhileRefused
                );
        }
    }

    public ValueTask<Result> FinalizeAsync(Pass<AwsAccount> pass, CancellationToken cancellationToken)
    {
        clients.Forget(pass.Resource.Id);
        return new(Result.Ready);
    }
}
