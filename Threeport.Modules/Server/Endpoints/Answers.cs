using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FastEndpoints;
using Microsoft.AspNetCore.Http;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Endpoints;

/// <summary>How answers are written.</summary>
internal static class Answers
{
    /// <summary>One resource, with its ETag.</summary>
    public static Task WriteResourceAsync(HttpContext context, Resource resource, int status)
    {
        context.MarkResponseStart();
        context.Response.Headers.ETag = ETag(resource);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        // One piece with its length: not in chunks, and in one write.
        var body = JsonSerializer.SerializeToUtf8Bytes(resource, resource.GetType(), Options(context));
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    public static Task WriteAsync<T>(HttpContext context, T value, int status = 200) =>
        WriteAsync(context, value, typeof(T), status);

    public static async Task WriteAsync(HttpContext context, object? value, Type type, int status)
    {
        context.MarkResponseStart();
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(
            context.Response.Body,
            value,
            type,
            Options(context),
            context.RequestAborted
        );
    }

    public static Task WriteEmptyAsync(HttpContext context, int status)
    {
        context.MarkResponseStart();
        context.Response.StatusCode = status;
        return context.Response.StartAsync(context.RequestAborted);
    }

    public static async Task WriteProblemAsync(HttpContext context, Problem problem)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        var allowed = context.Response.Headers.Allow;
        context.Response.Clear();
        context.Response.Headers.Allow = allowed;
        context.Response.StatusCode = problem.Status;
        context.Response.ContentType = Problem.MediaType;
        if (problem.Status is 503 or 429)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        if (problem.Status is 401)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        await JsonSerializer.SerializeAsync(
            context.Response.Body,
            problem with
            {
                TraceId = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier,
            },
            ResourceJson.Wire,
            context.RequestAborted
        );
    }

    public static string ETag(Resource resource) => $"\"{resource.Revision.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>Sensitive values are for controllers that ask for them, and for nobody else.</summary>
    private static JsonSerializerOptions Options(HttpContext context) =>
        context.Items.ContainsKey(RequestQuery.Reveal) ? ResourceJson.Wire : ResourceJson.Redacted;
}
