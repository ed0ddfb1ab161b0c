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

    public static Counter<long> AuditDropped { get; } =
        Telemetry.Meter.CreateCounter<long>(
            "threeport.audit.dropped",
            "{requests}",
            "Refused requests that came faster than the audit could note them."
        );

    public static Counter<long> Refused { get; } =
        Telemetry.Meter.CreateCounter<long>(
            "threeport.requests.refused",
            "{requests}",
            "Requests of an identity or an address that asked for too much."
        );

    public static Counter<long> Displaced { get; } =
        Telemetry.Meter.CreateCounter<long>(
            "threeport.connections.displaced",
            "{connections}",
            "Connections that had to make room for others before they said who they are, or for which there was no room."
        );

    public static UpDownCounter<int> Watchers { get; } =
        Telemetry.Meter.CreateUpDownCounter<int>("threeport.watch.connections", "{connections}", "Clients that watch.");

    /// <summary>The one number that tells that notifications do not go out; 0 when none waits.</summary>
    public static Gauge<double> OutboxAge { get; } =
        Telemetry.Meter.CreateGauge<double>("threeport.outbox.oldest.age", "s", "Age of the oldest outbox row.");

    /// <summary>How many notifications the broker has not confirmed yet.</summary>
    public static Gauge<long> OutboxRows { get; } =
        Telemetry.Meter.CreateGauge<long>("threeport.outbox.rows", "{rows}", "Notifications that wait for the broker.");

    /// <summary>By kind: the length of the queue before its controller, whatever the broker knows of it.</summary>
    public static Gauge<long> Unsettled { get; } =
        Telemetry.Meter.CreateGauge<long>(
            "threeport.queue.depth",
            "{resources}",
            "Resources whose controller has not acted on their spec or their deletion yet."
        );

    /// <summary>Whether the database keeps up with what is asked of it.</summary>
    public static Gauge<int> WritesWaiting { get; } =
        Telemetry.Meter.CreateGauge<int>(
            "threeport.write.waiting",
            "{operations}",
            "Operations that waited when the last transaction began."
        );
}
