using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Threeport.Host.Embedded;

/// <summary>Child processes, and what is left of those of a former life.</summary>
internal static class Processes
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    private static readonly string? SetPriv = Binaries.Find("setpriv");
    private static readonly string? SetSid = Binaries.Find("setsid");

    /// <summary>
    /// Linux sends a child its death signal when the thread that started it ends, not when the process does: so one thread
    /// that lives as long as the process starts them all.
    /// </summary>
    private static readonly BlockingCollection<Action> Starts = [];

    static Processes() =>
        new Thread(() =>
        {
            foreach (var start in Starts.GetConsumingEnumerable())
            {
                start();
            }
        })
        {
            IsBackground = true,
            Name = "child processes",
        }.Start();

    /// <summary>Starts a program that is told to end when this process dies, also by SIGKILL.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="user">The user it runs as; null for ours.</param>
    /// <param name="deathSignal">The name of the signal, <c>INT</c>.</param>
    /// <param name="line">What becomes of each line it writes.</param>
    public static async Task<Process> StartAsync(
        string program,
        IEnumerable<string> arguments,
        string? user,
        string deathSignal,
        Action<string> line
    )
    {
        var process = new Process { StartInfo = Describe(program, arguments, user, deathSignal) };
        process.OutputDataReceived += (_, e) => Pass(e.Data);
        process.ErrorDataReceived += (_, e) => Pass(e.Data);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                process.Start();
                started.SetResult();
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        });
        await started.Task;
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Pass(string? text)
        {
            if (!string.IsNullOrWhiteSpace(text))
            {
                line(text);
            }
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it wrote.</exception>
    public static async Task RunAsync(
        string program,
        IEnumerable<string> arguments,
        string? user,
        CancellationToken cancellationToken
    )
    {
        var output = new ConcurrentQueue<string>();
        using var process = await StartAsync(program, arguments, user, "KILL", output.Enqueue);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Signal(process.Id, Kill);
            throw;
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{Path.GetFileName(program)} ended with {process.ExitCode}: {string.Join(' ', output.TakeLast(5))}"
            );
        }
    }

    public static void Signal(int process, int signal) => _ = SendSignal(process, signal);

    /// <summary>Asks for the end, and after a while insists.</summary>
    public static async Task StopAsync(Process process, int signal, TimeSpan patience)
    {
        if (process.HasExited)
        {
            return;
        }

        Signal(process.Id, signal);
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Signal(process.Id, Kill);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Ends what a former life of this process left behind, if it is still that.</summary>
    /// <param name="process">From its pid file.</param>
    /// <param name="mark">What its command line must contain: a pid may meanwhile be another program's.</param>
    /// <param name="signal">How it is asked.</param>
    /// <param name="patience">How long it is waited for before it is killed.</param>
    /// <param name="cancellationToken">Of the start.</param>
    /// <returns>Whether there was one.</returns>
    public static async Task<bool> StopOrphanAsync(
        int process,
        string mark,
        int signal,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        if (!Runs(process, mark))
        {
            return false;
        }

        Signal(process, signal);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        while (Runs(process, mark))
        {
            if (limit.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Signal(process, Kill);
            }

            // Not our child, so there is no event for its end.
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }

        return true;
    }

    /// <summary>A dead process that nobody has waited for yet has no command line, so it does not count.</summary>
    private static bool Runs(int process, string mark)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Contains(mark, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static ProcessStartInfo Describe(
        string program,
        IEnumerable<string> arguments,
        string? user,
        string deathSignal
    )
    {
        if (user is not null && SetPriv is null)
        {
            throw new InvalidOperationException(
                $"setpriv (of util-linux) is needed to run {Path.GetFileName(program)} as the user {user}."
            );
        }

        List<string> command = [];
        if (SetSid is not null)
        {
            // A session of its own: Ctrl+C on a terminal is for us, and we stop them in order.
            command.Add(SetSid);
        }

        if (SetPriv is not null)
        {
            command.AddRange([SetPriv, "--pdeathsig", deathSignal]);
            command.AddRange(user is null ? [] : ["--reuid", user, "--regid", user, "--init-groups"]);
            command.Add("--");
        }

        command.Add(program);
        command.AddRange(arguments);
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        // Nothing of ours, neither settings nor secrets, is any business of theirs.
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        start.Environment["LC_ALL"] = "C";
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
