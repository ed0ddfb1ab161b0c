using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Access;

namespace Threeport.Server.Endpoints;

/// <summary>Finds out who asks, before anything else is looked at. Everything but what is listed here needs a caller.</summary>
internal sealed class CallerAuthentication(RequestDelegate next, Tokens tokens)
{
    private const string Scheme = "Bearer ";
    private static readonly string[] Open = ["/healthz", "/readyz", "/metrics", "/docs", "/openapi", "/scalar"];

    public static Caller CallerOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<CallerContext>().Caller
        ?? throw new ProblemException(Problems.Unauthenticated("Send Authorization: Bearer <token>."));

    public async Task InvokeAsync(HttpContext context)
    {
        if (!Open.Any(o => context.Request.Path.StartsWithSegments(o, StringComparison.Ordinal)))
        {
            var caller = await AuthenticateAsync(context);
            context.RequestServices.GetRequiredService<CallerContext>().Caller = caller with
            {
                From = context.Connection.RemoteIpAddress?.ToString() ?? "unknown",
            };
        }

        await next(context);
    }

    private async Task<Caller> AuthenticateAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(Problems.Unauthenticated("Send Authorization: Bearer <token>."));
        }

        return await tokens.VerifyAsync(header[Scheme.Length..].Trim(), context.RequestAborted)
            ?? throw new ProblemException(Problems.Unauthenticated("The token is not valid, or has expired."));
    }
}
