using System.Diagnostics;
using NATS.Client.Core;

namespace Threeport.Runtime;

/// <summary>Carries a trace across a message, in the headers <c>traceparent</c> and <c>tracestate</c>.</summary>
public static class Traces
{
    /// <summary>Puts the current trace into the headers.</summary>
    public static void Inject(NatsHeaders headers) =>
        DistributedContextPropagator.Current.Inject(
            Activity.Current,
            headers,
            static (carrier, name, value) => ((NatsHeaders)carrier!)[name] = value
        );

    /// <summary>Starts a span that is a child of the trace in the headers.</summary>
    /// <returns>Null when nobody listens.</returns>
    public static Activity? Receive(string name, NatsHeaders? headers)
    {
        DistributedContextPropagator.Current.ExtractTraceIdAndState(headers, Get, out var parent, out var state);
        return ActivityContext.TryParse(parent, state, isRemote: true, out var context)
            ? Telemetry.Source.StartActivity(name, ActivityKind.Consumer, context)
            : Telemetry.Source.StartActivity(name, ActivityKind.Consumer);
    }

    private static void Get(object? carrier, string name, out string? value, out IEnumerable<string>? values)
    {
        values = null;
        value = carrier is NatsHeaders headers && headers.TryGetValue(name, out var found) ? found.ToString() : null;
    }
}
