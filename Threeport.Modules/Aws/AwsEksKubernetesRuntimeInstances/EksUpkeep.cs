using Amazon.EC2.Model;
using Amazon.EKS.Model;
using Threeport.Modules.Aws.Calls;
using Threeport.Modules.Aws.Stack;

namespace Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

/// <summary>One pass over a cluster that is wanted.</summary>
internal sealed class EksUpkeep(
    StackContext context,
    string principal,
    Pass<AwsEksKubernetesRuntimeInstance> pass,
    TimeProvider time
)
{
    private const string Drifted = "Drifted";

    /// <summary>More than the longest outage of ours that a runtime shall not notice.</summary>
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(200);

    private AwsEksKubernetesRuntimeInstanceStatus Status => context.Status;

    private AwsOptions Options => context.Options;

    public async Task<Result> RunAsync(CancellationToken cancellationToken)
    {
        if (await PrepareAsync(cancellationToken) is { } notYet)
        {
            return notYet;
        }

        var wanted = StackKey.Of(context.Eks.Spec, context.Definition, Status.Zones);
        if (pass.IsAfresh)
        {
            StackRecord.Doubt(context, wanted);
        }

        await CompareAsync(wanted, cancellationToken);
        await new StackRun(context, wanted, pass.CheckpointAsync, time).RunAsync(cancellationToken);
        var isComplete = IsComplete(wanted);
        if (isComplete && Status.ComparedAt is null)
        {
            Status.ComparedAt = context.Now;
            Status.Tags = new Dictionary<string, string>(context.Definition.Tags, StringComparer.Ordinal);
        }

        if (isComplete || Status.ConnectionToken is not null)
        {
            await new Admission(context, principal).RunAsync(cancellationToken);
            await RenewAsync();
        }

        NoteVersion();
        return isComplete ? Complete() : Incomplete(wanted);
    }

    /// <summary>Where it is to be, and which Kubernetes; decided once.</summary>
    private async Task<Result?> PrepareAsync(CancellationToken cancellationToken)
    {
        var count = context.Definition.ZoneCount;
        if (Status.Zones.Count < count || Status.Zones.Any(z => Status.RefusedZones.Contains(z.Name)))
        {
            var zones = Zones.Choose(await ZonesAsync(cancellationToken), Status.Zones, Status.RefusedZones, count);
            if (zones.Count < count)
            {
                return Result.Waiting(
                    "NotEnoughZones",
                    $"{Status.Region} has {zones.Count} zones that EKS takes, zoneCount says {count}: use another region or a definition with fewer zones.",
                    Options.RetryFailedAfter
                );
            }

            Status.Zones = zones;
        }

        if (context.Definition.KubernetesVersion is null && Status.KubernetesVersion is null)
        {
            var request = new DescribeClusterVersionsRequest();
            var known = await context.Clients.Eks.DescribeClusterVersionsAsync(request, cancellationToken);
            Status.KubernetesVersion = Versions.Newest(
                (known.ClusterVersions ?? []).Select(static v => v.ClusterVersion)
            );
        }

        return null;
    }

    private async Task<IEnumerable<(string, string)>> ZonesAsync(CancellationToken cancellationToken)
    {
        var request = new DescribeAvailabilityZonesRequest
        {
            Filters = [new("zone-type", ["availability-zone"]), new("state", ["available"])],
        };
        var answer = await context.Clients.Ec2.DescribeAvailabilityZonesAsync(request, cancellationToken);
        return (answer.AvailabilityZones ?? []).Select(static z => (z.ZoneName, z.ZoneId));
    }

    private bool IsComplete(IReadOnlyList<string> wanted) =>
        Status.Inventory.Count == wanted.Count
        && Status.Inventory.All(r => r.State is StackState.Ready && wanted.Contains(r.Step));

    /// <summary>Now and then, and when tags are to be others.</summary>
    private async Task CompareAsync(IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        var tags = new TagChange(context);
        if (
            Status.ComparedAt is not { } before
            || !IsComplete(wanted)
            || (before + Options.CompareEvery > context.Now && !tags.IsDue && !pass.IsAfresh)
        )
        {
            return;
        }

        var comparison = new Comparison(context, wanted);
        var isAsked = tags.IsDue;
        if (isAsked)
        {
            await tags.RemoveAsync(cancellationToken);
        }

        await comparison.RunAsync(cancellationToken);
        Status.ComparedAt = context.Now;
        if (isAsked)
        {
            tags.Settle();
            return;
        }

        Report(comparison.Differences);
    }

    private void Report(IReadOnlyList<string> differences)
    {
        if (differences.Count == 0)
        {
            if (pass.Resource.Conditions.Any(static c => c is { Type: Drifted, Status: ConditionStatus.True }))
            {
                pass.Conditions[Drifted] = new(Drifted, ConditionStatus.False, "AsMade", "");
            }

            return;
        }

        var message = $"{string.Join("; ", differences.Take(3))}{(differences.Count > 3 ? "; …" : "")}";
        pass.Conditions[Drifted] = new(Drifted, ConditionStatus.True, "Repairing", message);
        foreach (var difference in differences.Take(20))
        {
            pass.Record(EventType.Warning, Drifted, $"{difference}, by somebody else; it is put right.");
        }
    }

    private async Task RenewAsync()
    {
        if (Status.ConnectionTokenExpiration - RenewBefore > time.GetUtcNow())
        {
            return;
        }

        var credentials = await context.Clients.Credentials.GetCredentialsAsync();
        var now = time.GetUtcNow();
        Status.ConnectionToken = ClusterToken.For(credentials, Status.Region!, context.Cluster, now);
        Status.ConnectionTokenExpiration = now + ClusterToken.Lifetime;
    }

    private void NoteVersion()
    {
        const string type = "VersionReachable";
        var wanted = context.Definition.KubernetesVersion;
        if (Versions.IsBack(Status.KubernetesVersion, wanted))
        {
            pass.Conditions[type] = new(
                type,
                ConditionStatus.False,
                "CannotGoBack",
                $"The cluster runs Kubernetes {Status.KubernetesVersion}; EKS does not go back to {wanted}."
            );
        }
        else if (pass.Resource.Conditions.Any(static c => c is { Type: type, Status: ConditionStatus.False }))
        {
            pass.Conditions[type] = new(type, ConditionStatus.True, "Reachable", "");
        }
    }

    private Result Complete()
    {
        Status.Progress = null;
        var now = time.GetUtcNow();
        var renew = (Status.ConnectionTokenExpiration!.Value - RenewBefore) - now;
        var compare = (Status.ComparedAt!.Value + Options.CompareEvery) - now;
        return Result.Done("Ready", requeueAfter: Later(renew < compare ? renew : compare));
    }

    private Result Incomplete(IReadOnlyList<string> wanted)
    {
        var now = time.GetUtcNow();
        Status.Progress = StackProgress.Of(wanted, Status.Inventory, now);
        var reason =
            StackProgress.Foremost(Status.Inventory)?.Trouble
            ?? (Status.ConnectionToken is null ? "Creating" : "Updating");
        return Result.Waiting(reason, Status.Progress, StackProgress.Next(Status.Inventory, now));
    }

    private static TimeSpan Later(TimeSpan after) => after > Soonest ? after : Soonest;
}
