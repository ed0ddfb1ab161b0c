using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Access;

namespace Threeport.Server.Endpoints;

/// <summary>Finds out who asks, before anything else is looked at. Everything but what is listed here needs a caller.</summary>
internal sealed class CallerAuthentication(RequestDelegate next, Authenticator authenticator)
{
    private static readonly string[] Open = ["/healthz", "/readyz", "/metrics", "/docs", "/openapi", "/scalar"];

    public static Caller CallerOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<CallerContext>().Caller
        ?? throw new ProblemException(Problems.Unauthenticated(Authenticator.Advice));

    /// <summary>What the credential says, for who wants to know it of himself.</summary>
    public static Identity IdentityOf(HttpContext context) => (Identity)context.Items[typeof(Identity)]!;

    public async Task InvokeAsync(HttpContext context)
    {
        if (!Open.Any(o => context.Request.Path.StartsWithSegments(o, StringComparison.Ordinal)))
        {
            var (identity, caller) = await authenticator.AuthenticateAsync(context);
            context.Items[typeof(Identity)] = identity;
            context.RequestServices.GetRequiredService<CallerContext>().Caller = caller;
            if (!context.Request.Path.StartsWithSegments("/v0", StringComparison.Ordinal))
            {
                // FastEndpoints has a route of its own that tells of all others; nobody decided who may use it.
                context.SetEndpoint(null);
            }
        }

        await next(context);
    }
}
