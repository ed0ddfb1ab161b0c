using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Auditing;
using Threeport.Server.Storage;

namespace Threeport.Server.Endpoints;

/// <summary>Turns whatever goes wrong into a problem document. A 500 is a defect of ours, and is logged as one.</summary>
internal sealed partial class ProblemWriting(
    RequestDelegate next,
    KindCatalog kinds,
    AuditLog audit,
    ILogger<ProblemWriting> logger
)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (
                !context.Response.HasStarted
                && context.Response.StatusCode is 404 or 405
                && context.GetEndpoint() is null or { DisplayName: "405 HTTP Method Not Supported" }
            )
            {
                await Answers.WriteProblemAsync(context, NoRoute(context));
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more to read an answer.
        }
        catch (Exception e)
        {
            var problem = ProblemOf(e, context);
            if (problem.Status is 401 or 403)
            {
                var caller = context.RequestServices.GetRequiredService<CallerContext>().Caller;
                audit.Denied(context, caller, problem);
            }

            await Answers.WriteProblemAsync(context, problem);
        }
    }

    private Problem ProblemOf(Exception exception, HttpContext context)
    {
        switch (exception)
        {
            case ProblemException { Problem: var problem }:
                return problem;
            case PassLostException lost:
                return Problems.PassLost(lost.Message);
            case BadHttpRequestException { StatusCode: 413 }:
                return Problems.TooLarge("The body is too large.");
            case BadHttpRequestException bad:
                return Problems.BadRequest(bad.Message) with { Status = bad.StatusCode };
            case var away when Database.IsAway(away):
                return Database.Away;
            default:
                LogFailed(exception, context.Request.Method, context.Request.Path);
                return Problems.Internal();
        }
    }

    private Problem NoRoute(HttpContext context)
    {
        if (context.Response.StatusCode == 405)
        {
            return Problems.MethodNotAllowed($"{context.Request.Method} is not possible here.");
        }

        var path = context.Request.Path.Value ?? "";
        var shown = path.Length > 100 ? path[..100] + "…" : path;
        var near =
            path.Split('/') is ["", "v0", var plural, ..] && kinds.Find(plural) is null
                ? Suggestion.For(plural, kinds.Kinds.Select(static k => k.Plural))
                : null;
        var hint = near is null ? "GET /v0/kinds lists what there is." : $"Did you mean /v0/{near}?";
        return Problems.NotFound($"There is nothing at {shown}. {hint}");
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed.")]
    private partial void LogFailed(Exception exception, string method, string path);
}
