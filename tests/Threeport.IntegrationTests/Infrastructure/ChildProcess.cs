using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Threeport.IntegrationTests.Infrastructure;

/// <summary>A process that dies with the test run, also when that is killed.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 2_000;

    private readonly int _keptLines;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private ChildProcess(string name, ProcessStartInfo start, int keptLines)
    {
        Name = name;
        _keptLines = keptLines;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        Spawner.Run(() => _process.Start());
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>What it wrote to standard output and error, the last of it.</summary>
    public string Output => string.Join('\n', _output);

    public IReadOnlyCollection<string> Lines => _output;

    /// <param name="name">For messages.</param>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="user">The user it runs as; null for ours.</param>
    /// <param name="environment">Added to ours; null removes.</param>
    /// <param name="keptLines">How much of what it writes is kept.</param>
    public static ChildProcess Start(
        string name,
        string file,
        IEnumerable<string> arguments,
        string? user = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        int keptLines = KeptLines
    )
    {
        var start = new ProcessStartInfo("setpriv")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in Prefix(user).Append(file).Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (key, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[key] = value;
        }

        return new(name, start, keptLines);
    }

    /// <summary>Runs to the end and answers with what it wrote.</summary>
    public static async Task<string> RunAsync(
        string file,
        IEnumerable<string> arguments,
        string? user = null,
        TimeSpan? timeout = null
    )
    {
        await using var process = Start(Path.GetFileName(file), file, arguments, user);
        await process.WaitForExitAsync(timeout ?? TimeSpan.FromSeconds(60));
        return process.ExitCode == 0
            ? process.Output
            : throw new InvalidOperationException($"{file} ended with {process.ExitCode}:\n{process.Output}");
    }

    /// <summary>Types this at it.</summary>
    public async Task WriteAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        await _process.StandardInput.FlushAsync();
    }

    public void Signal(PosixSignal signal) => Signal(Number(signal));

    /// <summary>15 is SIGTERM, 9 SIGKILL, 19 SIGSTOP, 18 SIGCONT, 2 SIGINT, 3 SIGQUIT.</summary>
    public void Signal(int signal)
    {
        if (!_process.HasExited)
        {
            _ = SendSignal(_process.Id, signal);
        }
    }

    /// <summary>Ends it with SIGKILL and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        Signal(9);
        await WaitForExitAsync(TimeSpan.FromSeconds(10));
    }

    /// <exception cref="TimeoutException">It still runs.</exception>
    public async Task WaitForExitAsync(TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Name} still runs after {timeout.TotalSeconds} s:\n{Output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static IEnumerable<string> Prefix(string? user) =>
        user is null
            ? ["--pdeathsig", "KILL", "--"]
            : ["--reuid", user, "--regid", user, "--init-groups", "--pdeathsig", "KILL", "--"];

    private static int Number(PosixSignal signal) =>
        signal switch
        {
            PosixSignal.SIGTERM => 15,
            PosixSignal.SIGINT => 2,
            PosixSignal.SIGQUIT => 3,
            PosixSignal.SIGHUP => 1,
            _ => throw new ArgumentOutOfRangeException(nameof(signal)),
        };

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        while (_output.Count > _keptLines)
        {
            _output.TryDequeue(out _);
        }
    }

    /// <summary>
    /// Linux sends the death signal when the thread that started a child ends, not when its process does: so every child is
    /// started by one thread that lives as long as the run.
    /// </summary>
    private static class Spawner
    {
        private static readonly BlockingCollection<(Action Start, TaskCompletionSource Done)> Queue = [];

        static Spawner() => new Thread(Work) { IsBackground = true, Name = "spawner" }.Start();

        public static void Run(Action start)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Queue.Add((start, done));
            done.Task.GetAwaiter().GetResult();
        }

        private static void Work()
        {
            foreach (var (start, done) in Queue.GetConsumingEnumerable())
            {
                try
                {
                    start();
                    done.SetResult();
                }
                catch (Exception exception)
                {
                    done.SetException(exception);
                }
            }
        }
    }
}
