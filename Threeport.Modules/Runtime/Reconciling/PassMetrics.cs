using System.Diagnostics.Metrics;

namespace Threeport.Runtime;

/// <summary>What is counted of passes.</summary>
internal static class PassMetrics
{
    /// <summary>By kind and result, the names of <see cref="PassEnd"/>.</summary>
    public static readonly Counter<long> Passes = Telemetry.Meter.CreateCounter<long>(
        "threeport.passes",
        description: "Passes of reconcilers, by kind and result."
    );

    public static readonly Histogram<double> Duration = Telemetry.Meter.CreateHistogram<double>(
        "threeport.pass.duration",
        "s",
        "How long passes take."
    );

    public static readonly Histogram<double> QueueAge = Telemetry.Meter.CreateHistogram<double>(
        "threeport.queue.age",
        "s",
        "How long notifications wait before they are worked on."
    );

    public static readonly Counter<long> Poison = Telemetry.Meter.CreateCounter<long>(
        "threeport.messages.terminated",
        description: "Messages that name no resource and were thrown away."
    );

    public static readonly Counter<long> LeasesLost = Telemetry.Meter.CreateCounter<long>(
        "threeport.leases.lost",
        description: "Leases that were lost while a pass ran."
    );

    /// <summary>Says zero of what has not happened yet: a series that is not there raises no alert.</summary>
    public static void Begin(string kind)
    {
        LeasesLost.Add(0, new KeyValuePair<string, object?>("kind", kind));
        Poison.Add(0);
        foreach (var end in Enum.GetNames<PassEnd>())
        {
            Passes.Add(0, new("kind", kind), new("result", end));
        }
    }
}
