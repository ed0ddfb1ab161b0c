using System.Diagnostics;
using Threeport.AwsServer.Control;
using Threeport.AwsServer.Ec2;
using Threeport.AwsServer.Eks;
using Threeport.AwsServer.Faults;
using Threeport.AwsServer.Iam;
using Threeport.AwsServer.State;
using Threeport.AwsServer.Sts;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Calls;

/// <summary>The way of a call: which service, who, whether a fault hits it, what happens, the answer.</summary>
internal sealed class CallPipeline(Cloud cloud, FaultPlan faults, CallLog log, AwsHooks hooks)
{
    private readonly Ec2Service _ec2 = new();
    private readonly EksService _eks = new();
    private readonly IamService _iam = new();
    private readonly StsService _sts = new();

    public async Task HandleAsync(HttpContext context)
    {
        var request = await Incoming.ReadAsync(context);
        var service = Find(request);
        if (service.Operation(request) is not { } operation)
        {
            await WriteAsync(context, request, Refused(service, request, Unknown(service, request)));
            return;
        }

        var (caller, refusal) = Identify(service, operation, request);
        var region = Region(service, request);
        var call = log.Begin(caller?.Account.Id ?? "", region, service.Name, operation);
        var started = Stopwatch.GetTimestamp();
        var (answer, outcome) = refusal is null
            ? await AnswerAsync(context, request, service, call, caller)
            : (Refused(service, request, refusal), refusal.Code);
        log.End(call with { Outcome = outcome, Took = Stopwatch.GetElapsedTime(started) });
        if (answer is null)
        {
            context.Abort();
            return;
        }

        await WriteAsync(context, request, answer);
    }

    /// <returns>No answer where the connection is to be closed instead.</returns>
    private async Task<(Answer? Answer, string Outcome)> AnswerAsync(
        HttpContext context,
        Incoming request,
        Service service,
        AwsCall call,
        Principal? caller
    )
    {
        var fault = faults.Decide(call, service.Errors);
        if (fault.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fault.Delay, context.RequestAborted);
        }

        if (!await hooks.BeforeAsync(call) || fault.LosesRequest)
        {
            return (null, AwsCall.RequestLost);
        }

        var (answer, outcome) = fault.Error is { } error
            ? (Refused(service, request, error), error.Code)
            : Execute(request, service, call, caller);
        return await hooks.AfterAsync(call with { Outcome = outcome }) && !fault.LosesAnswer
            ? (answer, outcome)
            : (null, AwsCall.AnswerLost);
    }

    private (Answer Answer, string Outcome) Execute(Incoming request, Service service, AwsCall call, Principal? caller)
    {
        lock (cloud.Gate)
        {
            cloud.Timeline.Advance();
            try
            {
                MustBeAllowed(service, call, caller);
                return (service.Execute(request, call.Operation, cloud, caller, call.Region), AwsCall.Succeeded);
            }
            catch (AwsException e)
            {
                return (Refused(service, request, e), e.Code);
            }
        }
    }

    private static void MustBeAllowed(Service service, AwsCall call, Principal? caller)
    {
        // Nobody can be kept from asking who they are.
        if (caller is null || call.Action == "sts:GetCallerIdentity" || !caller.Account.Denies(call.Action))
        {
            return;
        }

        var (code, status) = service.Errors.Denied;
        throw new AwsException(
            code,
            $"User: {caller.Arn} is not authorized to perform: {call.Action} on resource: * with an explicit deny in an identity-based policy",
            status
        );
    }

    private (Principal?, AwsException?) Identify(Service service, string operation, Incoming request)
    {
        try
        {
            lock (cloud.Gate)
            {
                return request.Signed is { } signed
                    ? (Authentication.Identify(cloud, service.Errors, signed, request.Body), null)
                    : (null, operation == StsService.Unsigned ? null : Unsigned(service));
            }
        }
        catch (AwsException e)
        {
            return (null, e);
        }
    }

    /// <summary>By the signature's scope; without one by what only one of them has.</summary>
    private Service Find(Incoming request) =>
        (request.Signed?.Scope.Service ?? Unsigned(request)) switch
        {
            "ec2" => _ec2,
            "iam" => _iam,
            "sts" => _sts,
            _ => _eks,
        };

    private static string Unsigned(Incoming request) =>
        request.Form.GetValueOrDefault("Version") switch
        {
            "2016-11-15" => "ec2",
            "2010-05-08" => "iam",
            "2011-06-15" => "sts",
            _ => "eks",
        };

    /// <summary>IAM is the same everywhere; of others the scope says where.</summary>
    private static string Region(Service service, Incoming request)
    {
        var region = service.Name == "iam" ? "us-east-1" : request.Signed?.Scope.Region ?? "us-east-1";
        return Geography.Regions.ContainsKey(region)
            ? region
            : throw new BadHttpRequestException($"There is no region {region}.");
    }

    private static AwsException Unsigned(Service service) =>
        new(service.Errors.Unsigned.Code, "Request is missing Authentication Token", service.Errors.Unsigned.Status);

    private static AwsException Unknown(Service service, Incoming request) =>
        new(
            service.Errors.UnknownOperation.Code,
            $"Could not find operation {request.Form.GetValueOrDefault("Action") ?? $"{request.Method} {request.Path}"} of {service.Name}",
            service.Errors.UnknownOperation.Status
        );

    private static Answer Refused(Service service, Incoming request, AwsException error) =>
        service.Refuse(error, request.RequestId);

    private static async Task WriteAsync(HttpContext context, Incoming request, Answer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.Headers["x-amzn-RequestId"] = request.RequestId;
        if (answer.ErrorType is { } type)
        {
            context.Response.Headers["x-amzn-ErrorType"] = type;
        }

        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }
}
