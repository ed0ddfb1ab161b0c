using System.Diagnostics;

namespace Threeport.Host.Embedded;

/// <summary>A server that this process runs beside itself.</summary>
internal interface IEmbeddedServer
{
    /// <summary>For logs and messages: <c>PostgreSQL</c>.</summary>
    string Name { get; }

    /// <summary>The signal that it ends well on.</summary>
    int StopSignal { get; }

    /// <summary>Starts it.</summary>
    Task<Process> StartAsync(CancellationToken cancellationToken);

    /// <returns>Whether it answers.</returns>
    Task<bool> AnswersAsync(CancellationToken cancellationToken);
}

/// <summary>Keeps an embedded server running: started again, with growing pauses, whenever it dies.</summary>
internal sealed partial class Supervised : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly IEmbeddedServer _server;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    private Supervised(IEmbeddedServer server, Process first, ILogger logger)
    {
        _server = server;
        _logger = logger;
        _running = KeepAsync(first);
    }

    /// <summary>Returns once it answers.</summary>
    /// <exception cref="InvalidOperationException">It does not start.</exception>
    public static async Task<Supervised> StartAsync(
        IEmbeddedServer server,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        var process = await server.StartAsync(cancellationToken);
        try
        {
            await WaitAsync(server, process, cancellationToken);
        }
        catch
        {
            await Processes.StopAsync(process, server.StopSignal, StopLimit);
            throw;
        }

        return new(server, process, logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private static async Task WaitAsync(IEmbeddedServer server, Process process, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        while (!await server.AnswersAsync(limit.Token))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException(
                    $"{server.Name} ended with {process.ExitCode} while it started; its lines above say why."
                );
            }

            await Task.Delay(Look, limit.Token);
        }
    }

    private async Task KeepAsync(Process process)
    {
        var pause = FirstPause;
        while (true)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                await process.WaitForExitAsync(_stopping.Token);
            }
            catch (OperationCanceledException)
            {
                await Processes.StopAsync(process, _server.StopSignal, StopLimit);
                process.Dispose();
                return;
            }

            LogDied(_server.Name, process.ExitCode);
            process.Dispose();
            pause = Stopwatch.GetElapsedTime(start) > LongestPause ? FirstPause : pause;
            if (await RestartAsync(pause) is not { } next)
            {
                return;
            }

            process = next;
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <returns>Null when the host stops.</returns>
    private async Task<Process?> RestartAsync(TimeSpan pause)
    {
        while (!_stopping.IsCancellationRequested)
        {
            await Task.Delay(pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                var process = await _server.StartAsync(_stopping.Token);
                LogRestarted(_server.Name);
                return process;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested) { }
            catch (Exception exception)
            {
                LogNotStarted(exception, _server.Name);
                pause = LongestPause;
            }
        }

        return null;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Server} ended with {ExitCode} and is started again")]
    private partial void LogDied(string server, int exitCode);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Server} was started again")]
    private partial void LogRestarted(string server);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Server} could not be started")]
    private partial void LogNotStarted(Exception exception, string server);
}
