using Threeport.Kubernetes;
using Threeport.Modules.Workloads.WorkloadDefinitions;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>What one pass does in the cluster.</summary>
internal sealed class WorkloadPass(Pass<WorkloadInstance> pass, ClusterClient cluster, AgentRights rights)
{
    public const string AppliedType = "Applied";
    public const string Deleting = "Deleting";

    private WorkloadInstanceStatus Status => pass.Resource.Status;

    /// <summary>Makes the cluster match the definition.</summary>
    /// <returns>Null when it does.</returns>
    public async Task<Result?> DeployAsync(
        WorkloadDefinition definition,
        IReadOnlyList<Drift> drifts,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await ApplyAsync(definition, drifts, cancellationToken);
        }
        catch (ManifestException exception)
        {
            return NotApplied("InvalidManifest", exception.Message);
        }
        catch (KubernetesException exception)
        {
            return NotApplied(
                exception.IsUnreachable ? KubernetesException.UnreachableReason : "ApplyFailed",
                exception.Message
            );
        }
    }

    /// <summary>Removes everything: the agent's order first, so that what goes is not taken for drift.</summary>
    public async Task<Result> RemoveAsync(CancellationToken cancellationToken)
    {
        try
        {
            var order = ThreeportWorkloads.Reference(pass.Resource.Id.ToString("D"));
            var outcome = await cluster.DeleteAsync(order, Propagation.Background, uid: null, cancellationToken);
            if (outcome is DeleteOutcome.Terminating)
            {
                return Result.Waiting(Deleting, "Waiting for the agent to let go.");
            }
        }
        catch (KubernetesException exception)
        {
            return Result.Waiting(
                exception.IsUnreachable ? KubernetesException.UnreachableReason : "DeleteFailed",
                exception.Message
            );
        }

        return await PruneAsync(Status.Inventory, cancellationToken) ?? Result.Ready;
    }

    private async Task<Result?> ApplyAsync(
        WorkloadDefinition definition,
        IReadOnlyList<Drift> drifts,
        CancellationToken cancellationToken
    )
    {
        var manifests = Manifests.Parse(definition.Spec.YamlDocument);
        // It was looked at when it was written, perhaps by a version that refused less.
        if (manifests.Select(Namespaces.Refuse).FirstOrDefault(static r => r is not null) is { } refused)
        {
            return NotApplied("InvalidManifest", refused);
        }

        var types = await WorkloadTypes.ReadAsync(cluster, manifests, cancellationToken);
        if (types.Unknown.Count > 0)
        {
            return NotApplied("UnknownKind", $"The cluster does not know {string.Join(", ", types.Unknown)}.");
        }

        var desired = DesiredState.For(pass.Resource, manifests, types.IsNamespaced);
        var plan = WorkloadPlan.For(desired, pass.Resource, definition.Generation, drifts);
        var ownership = new Ownership(cluster, pass.Resource.Id);
        if (await ownership.RefuseAsync(desired, plan.Apply, cancellationToken) is { Count: > 0 } foreign)
        {
            return NotApplied(foreign[0].Reason, ObjectFailure.Describe(foreign));
        }

        await RememberAsync(desired, plan, cancellationToken);
        var apply = new WorkloadApply(cluster, ownership, pass.Resource);
        await apply.RunAsync(plan.Apply, cancellationToken);
        Status.Inventory = apply.Noted(Status.Inventory);
        if (apply.Failures.Count > 0)
        {
            var reason = apply.Failures.First().Reason;
            return NotApplied(reason, ObjectFailure.Describe(apply.Failures));
        }

        await rights.GrantAsync(cluster, desired.Objects.Select(static o => o.Reference), cancellationToken);
        await cluster.ApplyAsync(ThreeportWorkloads.For(pass.Resource, rights.Scope), cancellationToken);
        Status.AppliedGeneration = definition.Generation;
        pass.Conditions[AppliedType] = new(AppliedType, ConditionStatus.True, "Applied", "");
        RecordRepairs(plan, drifts);
        return await PruneAsync(plan.Remove, cancellationToken);
    }

    /// <summary>Stored before anything is applied, so that nothing is applied that nobody would remove.</summary>
    private async Task RememberAsync(DesiredState desired, WorkloadPlan plan, CancellationToken cancellationToken)
    {
        if (
            Status.Inventory.SequenceEqual(plan.Inventory)
            && Status.Namespace == desired.Namespace
            && Status.ManagesNamespace == desired.ManagesNamespace
        )
        {
            return;
        }

        Status.Inventory = plan.Inventory;
        Status.Namespace = desired.Namespace;
        Status.ManagesNamespace = desired.ManagesNamespace;
        await pass.CheckpointAsync(cancellationToken);
    }

    private void RecordRepairs(WorkloadPlan plan, IReadOnlyList<Drift> drifts)
    {
        var applied = plan.Apply.Select(static o => o.Reference).ToHashSet();
        foreach (var drift in drifts.Where(d => applied.Contains(d.Object)).Take(20))
        {
            pass.Record(EventType.Normal, "Repaired", $"{drift.Object} was put right.");
        }
    }

    private async Task<Result?> PruneAsync(IReadOnlyList<AppliedObject> objects, CancellationToken cancellationToken)
    {
        if (objects.Count == 0)
        {
            return null;
        }

        var removal = new WorkloadRemoval(cluster, pass.Resource.Id);
        await removal.RunAsync(objects, cancellationToken);
        Status.Inventory = [.. Status.Inventory.Where(o => !removal.IsGone(o.Reference()))];
        if (removal.Failures.Count > 0)
        {
            var first = removal.Failures.First();
            return Result.Waiting(
                first.Reason == KubernetesException.UnreachableReason ? first.Reason : "DeleteFailed",
                ObjectFailure.Describe(removal.Failures)
            );
        }

        return removal.Terminating.Count == 0
            ? null
            : Result.Waiting(Deleting, $"Waiting for {removal.Terminating.First()} to go.");
    }

    private Result NotApplied(string reason, string message)
    {
        pass.Conditions[AppliedType] = new(AppliedType, ConditionStatus.False, reason, message);
        return Result.Waiting(reason, message);
    }
}
