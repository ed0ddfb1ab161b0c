using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Threeport.Server;

/// <summary>The traces and metrics of the API layer.</summary>
internal static class Telemetry
{
    public const string Name = "Threeport";

    public static ActivitySource Activities { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);

    public static Histogram<int> BatchSize { get; } =
        Meter.CreateHistogram<int>("threeport.write.batch.size", "{operations}", "Operations that shared a transaction.");

    public static Counter<long> Published { get; } =
        Meter.CreateCounter<long>("threeport.outbox.published", "{messages}", "Notifications that the broker confirmed.");
}
