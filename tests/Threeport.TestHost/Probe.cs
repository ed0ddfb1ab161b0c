using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.TestHost;

/// <summary>A resource whose reconciler takes as long as it is told to, fails when it is told to, and does nothing else.</summary>
[Summary("Does as it is told.")]
public sealed class Probe : Resource<ProbeSpec, ProbeStatus>, IKind
{
    public static string Plural => "probes";

    public static string Singular => "probe";
}

/// <summary>What a probe is told.</summary>
public sealed record ProbeSpec
{
    /// <summary>How long a pass takes.</summary>
    public int TakesMilliseconds { get; init; }

    /// <summary>Whether every pass throws.</summary>
    public bool Fails { get; init; }

    /// <summary>Copied to the status.</summary>
    public int Value { get; init; }
}

/// <summary>What a probe did.</summary>
public sealed record ProbeStatus
{
    /// <summary>The process whose pass wrote this.</summary>
    public int By { get; set; }

    /// <summary>That of the spec that was seen.</summary>
    public int Value { get; set; }
}

/// <summary>The module of the tests' host.</summary>
public sealed class ProbesModule : IModule
{
    public string Name => "probes";

    public void Configure(ModuleBuilder module)
    {
        module.Kind<Probe>();
    }
}

internal sealed class ProbeReconciler : IReconciler<Probe>
{
    public async ValueTask<Result> ReconcileAsync(Pass<Probe> pass, CancellationToken cancellationToken)
    {
        var (spec, status) = (pass.Resource.Spec, pass.Resource.Status);
        if (spec.Fails)
        {
            throw new InvalidOperationException("It was told to fail.");
        }

        Journal.Write("begin", pass);
        if (spec.TakesMilliseconds > 0)
        {
            await Task.Delay(spec.TakesMilliseconds, cancellationToken);
        }

        (status.By, status.Value) = (Environment.ProcessId, spec.Value);
        Journal.Write("end", pass);
        return Result.Ready;
    }
}
