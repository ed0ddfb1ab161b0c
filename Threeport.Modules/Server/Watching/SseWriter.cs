using System.Text;
using System.Text.Json;
using FastEndpoints;
using Microsoft.AspNetCore.Http;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Watching;

/// <summary>Writes server-sent events. A client that reads too slowly is given up, as Kestrel's minimum rate says.</summary>
internal sealed class SseWriter(HttpContext context)
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        context.MarkResponseStart();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.StartAsync(cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }

    public Task ChangeAsync(Change change, CancellationToken cancellationToken) =>
        change.Resource is { } resource
            ? PutAsync(change.Position, resource, cancellationToken)
            : EventAsync(
                "deleted",
                change.Position.ToString(),
                JsonSerializer.Serialize(new Gone(change.Kind.Singular, change.Id, change.Name), ResourceJson.Wire),
                cancellationToken
            );

    public Task PutAsync(LogPosition? position, Resource resource, CancellationToken cancellationToken) =>
        EventAsync(
            "put",
            position?.ToString(),
            JsonSerializer.Serialize(resource, resource.GetType(), ResourceJson.Redacted),
            cancellationToken
        );

    /// <param name="name">The type of the event.</param>
    /// <param name="id">What <c>Last-Event-ID</c> resumes after; null while there is no such place.</param>
    /// <param name="data">JSON on one line.</param>
    /// <param name="cancellationToken">The request's.</param>
    public Task EventAsync(string name, string? id, string data, CancellationToken cancellationToken)
    {
        var identity = id is null ? "" : $"id: {id}\n";
        return WriteAsync($"event: {name}\n{identity}data: {data}\n\n", cancellationToken);
    }

    public Task CommentAsync(string text, CancellationToken cancellationToken) =>
        WriteAsync($": {text}\n\n", cancellationToken);

    private async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }

    private sealed record Gone(string Kind, Guid Id, string Name);
}
