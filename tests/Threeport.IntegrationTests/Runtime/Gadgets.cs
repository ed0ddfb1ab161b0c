using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Runtime;

/// <summary>A kind whose reconciler does what the test says.</summary>
[Summary("Does what the test says.")]
public sealed class Gadget : Resource<GadgetSpec, GadgetStatus>, IKind
{
    public static string Plural => "gadgets";

    public static string Singular => "gadget";
}

public sealed record GadgetSpec
{
    public int Size { get; init; }

    /// <summary>The gadget that it waits for; none when empty.</summary>
    public string After { get; init; } = "";
}

public sealed record GadgetStatus
{
    public int Size { get; set; }
}

public sealed class GadgetsModule(GadgetScript script) : IModule
{
    public string Name => "gadgets";

    public void Configure(ModuleBuilder module)
    {
        module.Services.AddSingleton(script);
        module.Kind<Gadget>().Watches<Gadget>(static x => x.Spec.After);
    }
}

/// <summary>What happens in passes, and what did.</summary>
public sealed class GadgetScript
{
    private int _running;
    private int _mostRunning;

    public ConcurrentQueue<string> Passes { get; } = new();

    public int MostRunning => _mostRunning;

    /// <summary>By name of the gadget; those not here wait for the one before them.</summary>
    public ConcurrentDictionary<string, Func<Pass<Gadget>, CancellationToken, Task<Result>>> Steps { get; } = new();

    public Func<Pass<Gadget>, Result> Finalize { get; set; } = static _ => Result.Ready;

    public int Count(string name) => Passes.Count(p => p == name);

    public async Task<Result> RunAsync(Pass<Gadget> pass, IResources resources, CancellationToken cancellationToken)
    {
        Passes.Enqueue(pass.Resource.Name);
        var running = Interlocked.Increment(ref _running);
        InterlockedMax(ref _mostRunning, running);
        try
        {
            return Steps.TryGetValue(pass.Resource.Name, out var step)
                ? await step(pass, cancellationToken)
                : await WaitForAsync(pass, resources, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private static async Task<Result> WaitForAsync(
        Pass<Gadget> pass,
        IResources resources,
        CancellationToken cancellationToken
    )
    {
        pass.Resource.Status.Size = pass.Resource.Spec.Size;
        var after = pass.Resource.Spec.After;
        return after.Length == 0 || await resources.FindAsync<Gadget>(after, cancellationToken) is { IsReady: true }
            ? Result.Ready
            : Result.Waiting("Waiting", $"{after} is not ready.");
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; value > seen; seen = target)
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}

internal sealed class GadgetReconciler(GadgetScript script, IResources resources) : IReconciler<Gadget>
{
    public async ValueTask<Result> ReconcileAsync(Pass<Gadget> pass, CancellationToken cancellationToken) =>
        await script.RunAsync(pass, resources, cancellationToken);

    public ValueTask<Result> FinalizeAsync(Pass<Gadget> pass, CancellationToken cancellationToken) =>
        new(script.Finalize(pass));
}
