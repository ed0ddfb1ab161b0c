using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Access;

namespace Threeport.Server.Endpoints;

/// <summary>Finds out who asks, before anything else is looked at. Everything but what is listed here needs a caller.</summary>
internal sealed class CallerAuthentication(RequestDelegate next, Authenticator authenticator, RequestLimits limits)
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
            var (identity, caller) = await AuthenticateAsync(context);
            ConnectionPlace.Prove(context, caller);
            await limits.AdmitAsync(caller, context.RequestAborted);
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

    private async ValueTask<(Identity Identity, Caller Caller)> AuthenticateAsync(HttpContext context)
    {
        try
        {
            return await authenticator.AuthenticateAsync(context);
        }
        catch (ProblemException e) when (e.Problem.Status == 401)
        {
            await limits.FailedAsync(context.Connection.RemoteIpAddress, context.RequestAborted);
            throw;
        }
    }
}
