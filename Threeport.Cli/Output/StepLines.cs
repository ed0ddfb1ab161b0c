using System.Diagnostics;
using Threeport.Installation;

namespace Threeport.Cli.Output;

/// <summary>
/// Steps, a line each: what came of it and how long it took. A terminal shows meanwhile what is being done; one that fails says what
/// was tried, what came back, and what to do.
/// </summary>
internal sealed class StepLines(Terminal terminal, string resume)
{
    private const int NameWidth = 22;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    /// <exception cref="FailureException">It failed, and the terminal was told why.</exception>
    public async Task RunAsync(Step step, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var doing = "";
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var showing = terminal.ErrorIsInteractive
            ? ShowAsync(step.Name, () => doing, start, done.Token)
            : Task.CompletedTask;
        string? result = null;
        InstallationException? failure = null;
        try
        {
            result = await step.Run(text => doing = text, cancellationToken);
        }
        catch (InstallationException e) when (!cancellationToken.IsCancellationRequested)
        {
            failure = e;
        }
        catch (Kubernetes.KubernetesException e) when (!cancellationToken.IsCancellationRequested)
        {
            failure = new(
                doing.Length > 0 ? doing : step.Name,
                e.Message,
                "Run the same command again when the cluster answers."
            );
        }
        catch (FailureException e) when (!cancellationToken.IsCancellationRequested)
        {
            failure = new(doing.Length > 0 ? doing : step.Name, e.Message, "Run the same command again.");
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && e is not OperationCanceledException)
        {
            // Ctrl-C ends the commands that a step runs, too: that they failed is no news then.
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            await done.CancelAsync();
            await showing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var took = Took(Stopwatch.GetElapsedTime(start));
        if (failure is null)
        {
            terminal.Out.WriteLine($"{Style.Added(terminal, "✓")} {step.Name, -NameWidth} {result} ({took})");
            return;
        }

        terminal.Out.WriteLine($"{Style.Removed(terminal, "✗")} {step.Name, -NameWidth} failed ({took})");
        throw new FailureException(
            $"{step.Name} failed.\n  Tried     {failure.Tried}\n  Got       {failure.Message}\n  Next      {failure.Next}\n  Continue  {resume}"
        );
    }

    private async Task ShowAsync(string name, Func<string> doing, long start, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var text = doing();
                terminal.Error.Write(
                    $"\r\e[K… {name, -NameWidth} {(text.Length > 60 ? text[..60] : text)} {Took(Stopwatch.GetElapsedTime(start))}"
                );
                await Task.Delay(Tick, cancellationToken);
            }
        }
        finally
        {
            terminal.Error.Write("\r\e[K");
        }
    }

    private static string Took(TimeSpan span) =>
        span.TotalMinutes >= 1 ? $"{(int)span.TotalMinutes}m{span.Seconds:00}s"
        : span.TotalSeconds >= 10 ? $"{span.TotalSeconds:0}s"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0}s");
}
