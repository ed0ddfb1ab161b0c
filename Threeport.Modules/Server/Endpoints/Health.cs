using Microsoft.AspNetCore.Http;
using NATS.Client.Core;
using Threeport.Server.Backups;
using Threeport.Server.Outbox;
using Threeport.Server.Storage;

namespace Threeport.Server.Endpoints;

/// <summary>
/// <c>/readyz</c>: whether the database, the broker and the relay answer, each within two seconds; and whether the control plane only
/// observes, which is no reason to send it nothing.
/// </summary>
internal sealed class Health(PrimaryDatabase database, INatsConnection broker, Relay relay)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Set when the process stops: readiness goes first, so that no new work comes.</summary>
    public bool IsStopping { get; set; }

    public async Task WriteAsync(HttpContext context)
    {
        var observing = false;
        var checks = await Task.WhenAll(
            CheckAsync("database", async token => observing = await IsObservingAsync(token), context.RequestAborted),
            CheckAsync("broker", async token => await broker.PingAsync(token), context.RequestAborted),
            CheckAsync(
                "relay",
                _ =>
                    relay.IsHealthy
                        ? Task.CompletedTask
                        : throw new InvalidOperationException("notifications wait in the outbox"),
                context.RequestAborted
            )
        );
        var ready = !IsStopping && checks.All(static c => c.Failure is null);
        context.Response.StatusCode = ready ? 200 : 503;
        await context.Response.WriteAsJsonAsync(
            new
            {
                status = ready && observing ? "observing"
                : ready ? "ready"
                : IsStopping ? "stopping"
                : "not ready",
                checks = checks.ToDictionary(static c => c.Name, static c => c.Failure ?? "ok"),
            },
            context.RequestAborted
        );
    }

    private async Task<bool> IsObservingAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"select {ObservingMode.IsOn}");
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task<(string Name, string? Failure)> CheckAsync(
        string name,
        Func<CancellationToken, Task> check,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await check(limit.Token).WaitAsync(limit.Token);
            return (name, null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return (name, e is OperationCanceledException ? "does not answer" : e.Message);
        }
    }
}
