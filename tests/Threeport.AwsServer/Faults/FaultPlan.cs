using Threeport.AwsServer.Calls;
using Threeport.AwsServer.State;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Faults;

/// <summary>What is to become of a call.</summary>
internal readonly record struct Fate(TimeSpan Delay, AwsException? Error, bool LosesAnswer, bool LosesRequest);

/// <summary>The faults that are in force.</summary>
internal sealed class FaultPlan(int seed)
{
    private readonly Lock _gate = new();
    private readonly Random _dice = new(seed);
    private readonly List<Planned> _faults = [];

    public IReadOnlyList<AwsFault> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults.Select(static planned => planned.Fault)];
            }
        }
    }

    public void Add(AwsFault fault)
    {
        lock (_gate)
        {
            _faults.Add(new(fault));
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _faults.Clear();
        }
    }

    public Fate Decide(AwsCall call, ServiceErrors errors)
    {
        lock (_gate)
        {
            // All that concern the call count it, also those that another comes before.
            var hits = _faults.Where(planned => Hits(planned, call)).Select(static planned => planned.Fault).ToList();
            return new(
                hits.Where(static fault => fault.Effect == AwsFaultEffect.Delay)
                    .Aggregate(TimeSpan.Zero, static (sum, fault) => sum + fault.Delay),
                hits.Find(static fault => fault.Effect is AwsFaultEffect.Throttle or AwsFaultEffect.Fail) is { } failing
                    ? Error(failing, errors)
                    : null,
                hits.Exists(static fault => fault.Effect == AwsFaultEffect.LoseAnswer),
                hits.Exists(static fault => fault.Effect == AwsFaultEffect.LoseRequest)
            );
        }
    }

    private bool Hits(Planned planned, AwsCall call)
    {
        var fault = planned.Fault;
        if (
            !Wildcard.Matches(fault.Actions, call.Action)
            || (fault.Account ?? call.Account) != call.Account
            || (fault.Region ?? call.Region) != call.Region
        )
        {
            return false;
        }

        var count = planned.Calls[call.Action] = planned.Calls.GetValueOrDefault(call.Action) + 1;
        var isHit =
            (fault.Call ?? count) == count
            && planned.Hits < (fault.Times ?? int.MaxValue)
            && (fault.Fraction >= 1 || _dice.NextDouble() < fault.Fraction);
        planned.Hits += isHit ? 1 : 0;
        return isHit;
    }

    private static AwsException Error(AwsFault fault, ServiceErrors errors)
    {
        if (fault.Effect == AwsFaultEffect.Throttle)
        {
            return new(errors.Throttled.Code, fault.Message ?? "Rate exceeded", errors.Throttled.Status);
        }

        var (code, status) = fault.Status == 503 ? errors.Unavailable : errors.Broken;
        return fault.Code is { } named
            ? new(named, fault.Message ?? "A fault that was asked for.", fault.Status ?? 400)
            : new(code, fault.Message ?? "An internal error has occurred", fault.Status ?? status);
    }

    private sealed class Planned(AwsFault fault)
    {
        public AwsFault Fault => fault;

        public Dictionary<string, int> Calls { get; } = [];

        public int Hits { get; set; }
    }
}
