using Threeport.Modules.Aws.Stack;

namespace Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

/// <summary>One pass over a cluster that is to go, whatever there is of it.</summary>
internal sealed class EksRemoval(StackContext context, Pass<AwsEksKubernetesRuntimeInstance> pass, TimeProvider time)
{
    private AwsEksKubernetesRuntimeInstanceStatus Status => context.Status;

    public async Task<Result> RunAsync(CancellationToken cancellationToken)
    {
        if (pass.IsAfresh)
        {
            StackRecord.Doubt(context, StackKey.Of(context.Eks.Spec, context.Definition, Status.Zones));
        }

        (Status.ConnectionToken, Status.ConnectionTokenExpiration) = (null, null);
        var leftovers = new Leftovers(context);
        if (IsUp() && await WaitAsync(leftovers, cancellationToken) is { } waiting)
        {
            return waiting;
        }

        var left = HasLeftNetwork() ? await leftovers.TakeDownAsync(cancellationToken) : [];
        await new StackRun(context, [], pass.CheckpointAsync, time).RunAsync(cancellationToken);
        if (Status.Inventory.Count == 0)
        {
            return Result.Ready;
        }

        var now = time.GetUtcNow();
        Status.Progress = StackProgress.Of([], Status.Inventory, now);
        return left.Count > 0
            ? Result.Waiting(
                "LeftByKubernetes",
                $"{Named(left)} left in the network by Kubernetes, or put there by somebody: take them down at AWS, the rest follows.",
                context.Options.PollEvery
            )
            : Result.Waiting(
                StackProgress.Foremost(Status.Inventory)?.Trouble ?? "Deleting",
                Status.Progress,
                StackProgress.Next(Status.Inventory, now)
            );
    }

    /// <summary>Whether there is a cluster that takes down what it made.</summary>
    private bool IsUp() =>
        Status.ApiEndpoint is not null
        && context.Find(StackKey.Cluster) is { Id: not null, State: StackState.Ready or StackState.Making };

    private bool HasLeftNetwork() =>
        Status.ApiEndpoint is not null
        && context.Find(StackKey.Cluster) is null
        && context.Find(StackKey.Vpc) is not null;

    private async Task<Result?> WaitAsync(Leftovers leftovers, CancellationToken cancellationToken)
    {
        if (pass.Resource.DeletionRequestedAt + context.Options.KubernetesLimit < time.GetUtcNow())
        {
            return null;
        }

        var found = await leftovers.FindAsync(cancellationToken);
        if (found.Count == 0)
        {
            return null;
        }

        Status.Progress = $"waiting for {Named(found)}";
        return Result.Waiting(
            "WaitingForKubernetes",
            $"Kubernetes has yet to take down {Named(found)}; after {StackProgress.Elapsed(context.Options.KubernetesLimit)} it is not waited for.",
            context.Options.PollEvery
        );
    }

    private static string Named(IReadOnlyList<string> things) =>
        $"{string.Join(", ", things.Take(3))}{(things.Count > 3 ? $" and {things.Count - 3} more" : "")}";
}
