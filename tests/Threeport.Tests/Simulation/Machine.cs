using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Tests.Simulation;

/// <summary>What machines are made from; it has no reconciler.</summary>
internal sealed class Part : Resource<PartSpec, NoStatus>, IKind
{
    public static string Plural => "parts";

    public static string Singular => "part";
}

internal sealed record PartSpec
{
    public int Value { get; init; }
}

/// <summary>Has a counterpart outside.</summary>
internal sealed class Machine : Resource<MachineSpec, MachineStatus>, IKind
{
    public static string Plural => "machines";

    public static string Singular => "machine";
}

internal sealed record MachineSpec
{
    public int Value { get; init; }

    [Reference(typeof(Part))]
    public string? Part { get; init; }
}

internal sealed record MachineStatus
{
    /// <summary>Noted before the counterpart is made.</summary>
    public string? ExternalId { get; set; }

    public int Value { get; set; }
}

internal sealed class MachineModule : IModule
{
    public string Name => "machines";

    public void Configure(ModuleBuilder module)
    {
        module.Kind<Part>();
        module.Kind<Machine>().Watches<Part>(static x => x.Spec.Part);
    }
}

/// <summary>As a reconciler of a cloud's resource is: notes what it is about to make, makes it, waits for it.</summary>
internal sealed class MachineReconciler(IResources resources, CloudClient cloud, Func<TimeSpan> dwelling)
    : IReconciler<Machine>
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    public async ValueTask<Result> ReconcileAsync(Pass<Machine> pass, CancellationToken cancellationToken)
    {
        var (machine, status) = (pass.Resource, pass.Resource.Status);
        var part = machine.Spec.Part is { } name ? await resources.FindAsync<Part>(name, cancellationToken) : null;
        var wanted = new CloudSpec(machine.Spec.Value, part?.Spec.Value ?? 0);
        if (status.ExternalId is null)
        {
            status.ExternalId = $"machine-{machine.Id}";
            await pass.CheckpointAsync(cancellationToken);
        }

        var found = await cloud.ObserveAsync(pass, cancellationToken);
        await cloud.DwellAsync(dwelling(), cancellationToken);
        if (found is null)
        {
            await cloud.CreateAsync(pass, wanted, cancellationToken);
            return Result.Waiting("Creating", "It is being made.", Poll);
        }

        if (found.Spec != wanted)
        {
            await cloud.UpdateAsync(pass, wanted, cancellationToken);
        }

        status.Value = machine.Spec.Value;
        return found.IsBusy ? Result.Waiting("Creating", "It is being made.", Poll) : Result.Ready;
    }

    public async ValueTask<Result> FinalizeAsync(Pass<Machine> pass, CancellationToken cancellationToken)
    {
        var found = await cloud.ObserveAsync(pass, cancellationToken);
        if (found is null)
        {
            return Result.Ready;
        }

        await cloud.DwellAsync(dwelling(), cancellationToken);
        if (!found.IsGoing)
        {
            await cloud.DeleteAsync(pass, cancellationToken);
        }

        return Result.Waiting("Deleting", "It is being taken down.", Poll);
    }
}
