using System.Security.Cryptography;
using System.Text.Json;
using FastEndpoints;
using Microsoft.AspNetCore.Http;
using Threeport.Runtime;
using Threeport.Server.Endpoints;

namespace Threeport.Server.Discovery;

/// <summary><c>GET /v0/kinds</c>. It changes with the modules that are loaded only, so clients keep it by its ETag.</summary>
internal sealed class KindsEndpoint(KindDescriptions descriptions) : EndpointWithoutRequest
{
    private static readonly Lock Once = new();
    private static (KindDescriptions? Of, byte[] Body, string ETag) _answer = (null, [], "");

    public override void Configure()
    {
        Get("/v0/kinds");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        RequestQuery.Require(HttpContext);
        var (body, tag) = Answer();
        HttpContext.Response.Headers.ETag = tag;
        if (HttpContext.Request.Headers.IfNoneMatch.ToString() == tag)
        {
            await Answers.WriteEmptyAsync(HttpContext, 304);
            return;
        }

        HttpContext.MarkResponseStart();
        HttpContext.Response.ContentType = "application/json";
        await HttpContext.Response.Body.WriteAsync(body, ct);
    }

    private (byte[] Body, string ETag) Answer()
    {
        lock (Once)
        {
            if (_answer.Of != descriptions)
            {
                var body = JsonSerializer.SerializeToUtf8Bytes(descriptions.All, ResourceJson.Wire);
                _answer = (descriptions, body, $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 8))}\"");
            }

            return (_answer.Body, _answer.ETag);
        }
    }
}
