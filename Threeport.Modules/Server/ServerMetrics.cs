using System.Diagnostics.Metrics;
using Threeport.Runtime;

namespace Threeport.Server;

/// <summary>The metrics of the API layer.</summary>
internal static class ServerMetrics
{
    public static Histogram<int> BatchSize { get; } =
        Telemetry.Meter.CreateHistogram<int>(
            "threeport.write.batch.size",
            "{operations}",
            "Operations that shared a transaction."
        );

    public static Counter<long> Published { get; } =
        Telemetry.Meter.CreateCounter<long>(
            "threeport.outbox.published",
            "{messages}",
            "Notifications that the broker confirmed."
        );

    public static UpDownCounter<int> Watchers { get; } =
        Telemetry.Meter.CreateUpDownCounter<int>("threeport.watch.connections", "{connections}", "Clients that watch.");

    /// <summary>The one number that tells that notifications do not go out; 0 when none waits.</summary>
    public static Gauge<double> OutboxAge { get; } =
        Telemetry.Meter.CreateGauge<double>("threeport.outbox.oldest.age", "s", "Age of the oldest outbox row.");
}
