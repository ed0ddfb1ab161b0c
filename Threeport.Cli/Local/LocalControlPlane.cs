using System.Diagnostics;
using System.Globalization;
using Threeport.Cli.Configuration;
using Threeport.Cli.Connection;

namespace Threeport.Cli.Local;

/// <summary>A control plane that runs on this machine as one process, with its state in a folder.</summary>
internal sealed class LocalControlPlane(string data)
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Where it keeps its state unless told otherwise.</summary>
    public static string DefaultData =>
        Environment.IsPrivilegedProcess
            ? "/var/lib/threeport"
            : Path.Combine(
                Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } home
                    ? home
                    : Path.Combine(
                        Environment.GetFolderPath(
                            Environment.SpecialFolder.UserProfile,
                            Environment.SpecialFolderOption.DoNotVerify
                        ),
                        ".local",
                        "share"
                    ),
                "threeport"
            );

    public string Data { get; } = data;

    private string PidFile => Path.Combine(Data, "threeport.pid");

    private string Log => Path.Combine(Data, "threeport.log");

    public static string FindBinary(string? given)
    {
        var candidates = given is not null
            ? [given]
            : (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Prepend(AppContext.BaseDirectory)
                .Select(static folder => Path.Combine(folder, "threeport"));
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new FailureException(
                given is null
                    ? "threeport is neither beside qleetctl nor on the PATH. Name it with --threeport FILE."
                    : $"{given}: there is no such file."
            );
    }

    /// <returns>The id of its process; null when it does not run.</returns>
    public int? Process()
    {
        if (
            !File.Exists(PidFile)
            || File.ReadAllText(PidFile).Split(' ') is not [var id, var started]
            || !int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
        )
        {
            return null;
        }

        // An id is given out again: only with the time that it started at does it name a process.
        return ProcFile.StartTime(pid) == started.Trim() ? pid : null;
    }

    /// <summary>Starts it in a session of its own, so that it outlives this terminal.</summary>
    /// <param name="binary">The program.</param>
    /// <param name="listen">Its address.</param>
    /// <param name="arguments">More of them.</param>
    /// <param name="environment">Added to ours; null removes.</param>
    public void Start(
        string binary,
        string listen,
        IReadOnlyList<string>? arguments = null,
        IReadOnlyDictionary<string, string?>? environment = null
    )
    {
        Directory.CreateDirectory(Data);
        // The process that becomes threeport writes who it is before it does: none ever runs that `down` does not know of.
        const string become = """
            data=$1 && shift &&
            started=$(cut -d' ' -f22 /proc/$$/stat) &&
            printf '%s %s' $$ "$started" >"$data/threeport.pid.new" &&
            mv "$data/threeport.pid.new" "$data/threeport.pid" &&
            echo started >&3 &&
            exec "$@" 3>&-
            """;
        const string script = """
            become=$1 data=$2; shift
            setsid /bin/sh -c "$become" sh "$@" 3>&1 >>"$data/threeport.log" 2>&1 </dev/null &
            """;
        string[] program = [binary, "--data", Data, "--listen", listen, .. arguments ?? []];
        var start = new ProcessStartInfo("/bin/sh", ["-c", script, "sh", become, Data, .. program])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        using var shell =
            System.Diagnostics.Process.Start(start) ?? throw new FailureException("/bin/sh does not start.");
        var said = shell.StandardOutput.ReadLine();
        shell.WaitForExit();
        if (said is null)
        {
            throw new FailureException($"{binary} does not start. The end of {Log}:\n{Tail()}");
        }
    }

    /// <summary>What the configuration says of it. The token stays in its file, which is renewed there.</summary>
    public ControlPlane Entry(string name, string listen) =>
        new(name, listen)
        {
            CaCertificate = File.Exists(Path.Combine(Data, "ca.crt"))
                ? File.ReadAllText(Path.Combine(Data, "ca.crt"))
                : null,
            TokenFile = Path.Combine(Data, "admin.token"),
            Data = Data,
        };

    public async Task UntilReadyAsync(string name, string listen, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var last = "it does not answer yet";
        while (Stopwatch.GetElapsedTime(start) < limit)
        {
            if (Process() is null)
            {
                throw new FailureException($"threeport stopped at once. The end of {Log}:\n{Tail()}");
            }

            if (File.Exists(Path.Combine(Data, "ca.crt")) && File.Exists(Path.Combine(Data, "admin.token")))
            {
                try
                {
                    using var client = new ApiClient(Entry(name, listen), TimeSpan.FromSeconds(5), null);
                    var answer = await client.TrySendAsync(ApiRequest.Get("/readyz"), cancellationToken);
                    if (answer.Status == 200)
                    {
                        return;
                    }

                    last = answer.Body?.ToJsonString() ?? $"it answers {answer.Status}";
                }
                catch (FailureException e)
                {
                    last = e.Message;
                }
            }

            await Task.Delay(Pause, cancellationToken);
        }

        throw new FailureException(
            $"threeport is not ready after {limit.TotalSeconds:0} s: {last}. The end of {Log}:\n{Tail()}"
        );
    }

    /// <summary>Asks it to stop, then makes it; also ends servers of its own that outlived it.</summary>
    /// <param name="cancellationToken">The command's.</param>
    /// <param name="limit">How long it is asked; as long as it may take to hand back what it is at, when null.</param>
    public async Task StopAsync(CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        if (Process() is { } pid)
        {
            await ProcFile.EndAsync(pid, limit ?? StopLimit, () => Process() == pid, cancellationToken);
        }

        foreach (var orphan in ProcFile.Mentioning(Data))
        {
            var started = ProcFile.StartTime(orphan);
            await ProcFile.EndAsync(
                orphan,
                TimeSpan.FromSeconds(10),
                () => ProcFile.StartTime(orphan) == started,
                cancellationToken
            );
        }

        if (Directory.Exists(Data))
        {
            File.Delete(PidFile);
        }
    }

    public void Remove()
    {
        if (Directory.Exists(Data))
        {
            Directory.Delete(Data, recursive: true);
        }
    }

    private string Tail() =>
        File.Exists(Log)
            ? string.Join('\n', File.ReadLines(Log).TakeLast(8).Select(static l => "  " + l))
            : "  (empty)";
}
