using Threeport.Modules.Workloads.WorkloadObservations;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>What the agent's observation makes of an instance that was applied in full. Decides, touches nothing.</summary>
/// <param name="Result">Of the pass.</param>
/// <param name="Ready">The column, 2/3.</param>
internal sealed record WorkloadHealth(Result Result, string? Ready)
{
    public static WorkloadHealth Of(
        WorkloadInstance instance,
        WorkloadObservation? observation,
        KubernetesRuntimes.KubernetesRuntimeInstances.KubernetesRuntimeInstance runtime
    )
    {
        if (observation is null || !IsCurrent(instance, observation))
        {
            var agent = $"Applied; waiting for the agent on runtime {runtime.Name} to report.";
            return new(Result.Waiting("Progressing", agent), observation is null ? null : Count(observation));
        }

        var ready = Count(observation);
        if (runtime.Status.Agent == "NotConnected")
        {
            var last = $"The agent on runtime {runtime.Name} is not connected; last seen {observation.Spec.Health}.";
            return new(new(ConditionStatus.Unknown, "AgentNotConnected", last), ready);
        }

        return new(
            observation.Spec.Health == "Healthy"
                ? Result.Done("Healthy")
                : Result.Waiting(
                    observation.Spec.Health is "Unhealthy" ? "Unhealthy" : "Progressing",
                    observation.Spec.Message
                ),
            ready
        );
    }

    /// <summary>An observation counts once it has seen every object as it was applied last, or seen that it drifted since.</summary>
    private static bool IsCurrent(WorkloadInstance instance, WorkloadObservation observation)
    {
        var seen = observation.Spec.Objects.Where(static o => o.Owner is null).ToLookup(static o => o.Reference());
        return instance
            .Status.Inventory.Where(static o => !o.Removing)
            .All(o => seen[o.Reference()].Any(s => s.FieldsHash == o.FieldsHash || s.Drift is not null));
    }

    private static string Count(WorkloadObservation observation)
    {
        if (observation.Spec.WantedPods > 0)
        {
            return $"{observation.Spec.ReadyPods}/{observation.Spec.WantedPods}";
        }

        var applied = observation.Spec.Objects.Where(static o => o.Owner is null).ToList();
        return $"{applied.Count(static o => o.Health == "Healthy")}/{applied.Count}";
    }
}
