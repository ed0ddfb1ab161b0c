using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.EndToEnd.Installed;

/// <summary>The command as it is installed, with a configuration of its own; whatever it put into the cluster goes with it.</summary>
internal sealed class Qleetctl : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    /// <summary>A script that is started in the background ignores Ctrl-C, and so would what it starts.</summary>
    private const string Attentive = "--default-signal=INT";

    private readonly string _folder = Machine.TemporaryFolder();
    private readonly Dictionary<string, string?> _environment;
    private readonly HashSet<string> _names = [];

    /// <param name="path">Looked through for programs before all else.</param>
    /// <param name="environment">More of it.</param>
    public Qleetctl(string? path = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        _environment = new()
        {
            ["THREEPORT_CONFIG"] = ConfigPath,
            ["XDG_CACHE_HOME"] = Path.Combine(_folder, "cache"),
            ["KUBECONFIG"] = null,
            ["HOME"] = _folder,
        };
        // The PostgreSQL of a temporary control plane, which is not root, has to pass.
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            _environment[name] = value;
        }

        if (path is not null)
        {
            _environment["PATH"] = $"{path}:{Environment.GetEnvironmentVariable("PATH")}";
        }
    }

    /// <summary>The cluster's kubeconfig.</summary>
    public static string Kubeconfig { get; } = Environment.GetEnvironmentVariable("KUBECONFIG") ?? "";

    public string ConfigPath => Path.Combine(_folder, "config.yaml");

    public string Installations => Path.Combine(_folder, "installations");

    /// <summary>The program: that of build/package where it is named, as it is compiled ahead of time.</summary>
    private static string Program =>
        Environment.GetEnvironmentVariable("THREEPORT_QLEETCTL") is { Length: > 0 } named
            ? named
            : Path.Combine(AppContext.BaseDirectory, "qleetctl");

    public static IReadOnlyList<string> UpOf(string name, params IReadOnlyList<string> more) =>
        ["up", "--name", name, "--provider", "kubernetes", "--kubeconfig", Kubeconfig, .. more];

    public ChildProcess Start(params IReadOnlyList<string> arguments)
    {
        Remember(arguments);
        return ChildProcess.Start("qleetctl", "env", [Attentive, Program, .. arguments], environment: _environment);
    }

    /// <summary>On a terminal, at which somebody may type.</summary>
    public OnTerminal StartOnTerminal(params IReadOnlyList<string> arguments)
    {
        Remember(arguments);
        var line = string.Join(' ', arguments.Prepend(Program).Select(static a => $"'{a}'"));
        var shown = Path.Combine(_folder, Path.GetRandomFileName());
        var process = ChildProcess.Start(
            "script",
            "script",
            ["--quiet", "--return", "--flush", "--command", $"exec env {Attentive} {line}", shown],
            environment: _environment
        );
        return new(process, shown);
    }

    /// <returns>What it wrote; it must have succeeded.</returns>
    public async Task<string> RunAsync(params IReadOnlyList<string> arguments)
    {
        var (exit, output) = await TryAsync(arguments);
        Assert.That(exit, Is.Zero, $"qleetctl {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    public async Task<(int ExitCode, string Output)> TryAsync(params IReadOnlyList<string> arguments)
    {
        await using var process = Start(arguments);
        await process.WaitForExitAsync(Limit);
        return (process.ExitCode, process.Output);
    }

    /// <returns>A resource as the API shows it.</returns>
    public async Task<JsonNode> GetAsync(string controlPlane, string kind, string name) =>
        JsonNode.Parse(await RunAsync("--control-plane", controlPlane, "get", kind, name, "--output", "json"))!;

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _names.Where(n => File.Exists(Path.Combine(Installations, $"{n}.json"))))
        {
            await TryAsync("down", "--name", name, "--force", "--yes");
        }

        Directory.Delete(_folder, recursive: true);
    }

    private void Remember(IReadOnlyList<string> arguments)
    {
        if (arguments is ["up", "--name", var name, ..])
        {
            _names.Add(name);
        }
    }
}
