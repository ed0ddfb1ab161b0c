using NATS.Client.Core;

namespace Threeport.Host;

/// <summary>What a process without the API layer answers to its supervisor.</summary>
internal static class Health
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz", static () => Results.Text("ok"));
        app.MapGet(
            "/readyz",
            static (INatsConnection broker, IHostApplicationLifetime lifetime) =>
                lifetime.ApplicationStopping.IsCancellationRequested ? Not("it is stopping")
                : broker.ConnectionState is NatsConnectionState.Open ? Results.Text("ok")
                : Not("the broker does not answer")
        );
    }

    private static IResult Not(string why) =>
        Results.Text($"not ready: {why}", statusCode: StatusCodes.Status503ServiceUnavailable);
}
