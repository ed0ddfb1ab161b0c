using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>Runs the controllers and watches of every kind that has a reconciler: the role <c>controllers</c>.</summary>
internal sealed partial class ControllerHost(
    KindCatalog catalog,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    ILogger<ControllerHost> logger
) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // From here on and not only from StopAsync: the HTTP server is stopped before, and may take its time.
        lifetime.ApplicationStopping.Register(_stopping.Cancel);
        var kinds = catalog.Kinds.Where(static k => k.IsReconciled).ToList();
        var runners = kinds.Select(ControllerOf).Concat(kinds.SelectMany(WatchesOf)).ToList();
        _running = Task.WhenAll(runners.Select(RunAsync));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(IRunner runner)
    {
        try
        {
            await runner.RunAsync(_stopping.Token);
        }
        catch (Exception exception)
        {
            // A controller that does not run is not to be overlooked: its supervisor starts the process again.
            LogDied(exception, runner.GetType().Name);
            lifetime.StopApplication();
        }
    }

    private IRunner ControllerOf(KindDescriptor kind) => (IRunner)kind.Accept(new ControllerMaker(services))!;

    private IEnumerable<IRunner> WatchesOf(KindDescriptor kind) =>
        kind.Watches.Select(watch =>
            ActivatorUtilities.CreateInstance<WatchRunner>(services, watch, Caller.Controller(kind.Module))
        );

    private sealed class ControllerMaker(IServiceProvider services) : IKindVisitor
    {
        public object Visit<T>()
            where T : Resource, IKind => ActivatorUtilities.CreateInstance<Controller<T>>(services);
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Controller} ended; the process stops")]
    private partial void LogDied(Exception exception, string controller);
}
