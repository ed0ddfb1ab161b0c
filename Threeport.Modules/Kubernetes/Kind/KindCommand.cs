using System.ComponentModel;
using System.Diagnostics;

namespace Threeport.Kubernetes;

/// <summary>The command <c>kind</c> of the PATH. It is ended when it takes too long or the caller gives up.</summary>
/// <param name="environment">The variables that it may know of this process; all of them when null.</param>
internal sealed class KindCommand(IReadOnlyCollection<string>? environment)
{
    private const int InterruptedExit = 130;

    /// <summary>Runs it.</summary>
    /// <param name="limit">It is ended after that.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="cancellationToken">Ends it, too.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="KindException">It is not there, failed, or did not end.</exception>
    public async Task<string> RunAsync(
        TimeSpan limit,
        string input,
        CancellationToken cancellationToken,
        params IReadOnlyList<string> arguments
    )
    {
        using var process = Start(arguments);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await WriteAsync(process, input, timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            if (process.ExitCode == 0)
            {
                return await output;
            }

            if (process.ExitCode == InterruptedExit)
            {
                // Ctrl-C reaches everything on the terminal, this process perhaps a moment later.
                await Task.Delay(TimeSpan.FromSeconds(1), timeout.Token);
            }

            throw Failure(arguments, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new KindException(
                KindException.CommandFailed,
                $"{Words(arguments)} took longer than {limit.TotalSeconds:0} s."
            );
        }
    }

    private static async Task WriteAsync(Process process, string input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; why, its exit code and its output say.
        }
    }

    private Process Start(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("kind", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        var hidden = environment is null ? [] : start.Environment.Keys.Except(environment, StringComparer.Ordinal);
        foreach (var name in hidden.ToList())
        {
            start.Environment.Remove(name);
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new KindException(
                KindException.CommandMissing,
                "The command kind is not on the PATH. Install it: https://kind.sigs.k8s.io"
            );
        }
    }

    private static KindException Failure(IReadOnlyList<string> arguments, string errors)
    {
        var isDocker =
            errors.Contains("docker", StringComparison.OrdinalIgnoreCase)
            && (
                errors.Contains("executable file not found", StringComparison.Ordinal)
                || errors.Contains("Cannot connect", StringComparison.OrdinalIgnoreCase)
                || errors.Contains("daemon", StringComparison.OrdinalIgnoreCase)
            );
        return isDocker
            ? new(KindException.DockerMissing, "kind needs Docker, which does not answer. Start it.")
            : new(KindException.CommandFailed, $"{Words(arguments)} failed: {Cause(errors)}");
    }

    /// <summary>Progress comes first, then what went wrong.</summary>
    private static string Cause(string errors)
    {
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.FirstOrDefault(static l => l.StartsWith("ERROR", StringComparison.Ordinal))
            ?? lines.LastOrDefault()
            ?? "no message";
    }

    private static string Words(IReadOnlyList<string> arguments) => $"kind {string.Join(' ', arguments.Take(2))}";
}
