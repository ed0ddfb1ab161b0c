using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>Something that a replica runs for as long as it lives.</summary>
internal interface IRunner
{
    /// <summary>Returns when it was asked to stop and what was in flight is over.</summary>
    Task RunAsync(CancellationToken stopping);
}

/// <summary>Runs a kind's reconciler: takes notifications, makes each a pass, acknowledges.</summary>
internal sealed partial class Controller<T>(
    IServiceScopeFactory scopes,
    IMessageConsumer consumer,
    KindCatalog catalog,
    ControllerOptions options,
    TimeProvider time,
    ILogger<Controller<T>> logger
) : IRunner
    where T : Resource, IKind
{
    private readonly Caller _caller = Caller.Controller(catalog[typeof(T)].Module);

    public Task RunAsync(CancellationToken stopping)
    {
        PassMetrics.Begin(T.Plural);
        return consumer.RunAsync(
            $"controller-{T.Plural}",
            Subjects.WorkOf(T.Plural),
            options.Workers(T.Plural),
            HandleAsync,
            stopping
        );
    }

    private async Task<Handled> HandleAsync(Message message, CancellationToken abort)
    {
        if (Subjects.Parse(message.Subject) is not { } subject || subject.Plural != T.Plural)
        {
            PassMetrics.Poison.Add(1);
            LogPoison(message.Subject);
            return Handled.Poison;
        }

        var kind = new KeyValuePair<string, object?>("kind", T.Plural);
        if (message.Published is { } published)
        {
            PassMetrics.QueueAge.Record((time.GetUtcNow() - published).TotalSeconds, kind);
        }

        using var span = Traces.Receive($"reconcile {T.Singular}", message.Headers);
        span?.SetTag("threeport.kind", T.Plural).SetTag("threeport.id", subject.Id);
        var start = time.GetTimestamp();
        var end = await RunAsync(subject.Id, abort);
        span?.SetTag("threeport.result", $"{end}");
        if (end is PassEnd.Failed or PassEnd.Unknown)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }

        PassMetrics.Passes.Add(1, kind, new("result", $"{end}"));
        PassMetrics.Duration.Record(time.GetElapsedTime(start).TotalSeconds, kind);
        return end is PassEnd.Unknown ? Handled.Later : Handled.Done;
    }

    private async Task<PassEnd> RunAsync(Guid id, CancellationToken abort)
    {
        await using var scope = scopes.CreateAsyncScope();
        var provider = scope.ServiceProvider;
        provider.GetRequiredService<CallerContext>().Caller = _caller;
        return await ActivatorUtilities.CreateInstance<PassRun<T>>(provider, logger).RunAsync(id, abort);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The message on {Subject} names no resource of ours and is thrown away"
    )]
    private partial void LogPoison(string subject);
}
