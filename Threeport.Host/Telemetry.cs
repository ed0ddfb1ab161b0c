using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Threeport.Host.Configuration;

namespace Threeport.Host;

/// <summary>Traces to a collector where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one; metrics at <c>/metrics</c>.</summary>
internal static class TelemetryExtensions
{
    public static IServiceCollection AddThreeportTelemetry(this IServiceCollection services)
    {
        var telemetry = services
            .AddOpenTelemetry()
            .ConfigureResource(static r => r.AddService("threeport", serviceVersion: CommandLine.Version))
            .WithMetrics(static metrics =>
                metrics
                    .AddMeter(Runtime.Telemetry.Name, "Npgsql")
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddPrometheusExporter()
            );
        if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 })
        {
            telemetry.WithTracing(static traces =>
                traces
                    .AddSource(Runtime.Telemetry.Name)
                    .AddSource("Npgsql")
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddOtlpExporter()
            );
        }

        return services;
    }
}
