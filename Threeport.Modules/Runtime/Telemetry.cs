using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Threeport.Runtime;

/// <summary>The sources of traces and metrics; instruments are named <c>threeport.*</c>.</summary>
public static class Telemetry
{
    /// <summary>What both sources go by.</summary>
    public const string Name = "Threeport";

    /// <summary>Spans: writes, messages, passes, Kubernetes calls.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Metrics.</summary>
    public static Meter Meter { get; } = new(Name);
}
