using System.Net;
using System.Net.Sockets;
using Threeport.Cli.Connection;
using Threeport.Cli.Local;

namespace Threeport.Cli.Clusters.Eks;

/// <summary>
/// The control plane on the user's machine that makes the cluster for the one that is to be, and takes it down again: the same program, with the
/// user's own credentials for AWS. It runs only while a command is at work on it.
/// </summary>
internal sealed class GenesisControlPlane(InstallationRecord record, EksState state, string binary)
{
    /// <summary>Both: it makes the world match what it stores.</summary>
    public const string All = "api,controllers";

    /// <summary>It stores, and changes nothing.</summary>
    public const string ApiOnly = "api";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private static readonly string[] TokenFiles = ["admin.token", "controllers.token"];

    /// <summary>Credentials that a chosen profile stands above, as with AWS's own tools.</summary>
    private static readonly string[] OtherCredentials =
    [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_ROLE_ARN",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
    ];

    private readonly LocalControlPlane _local = new(GenesisFiles.FolderOf(record.Plan.Name));

    /// <summary>Whether it ever stored anything.</summary>
    public bool IsThere => Directory.Exists(_local.Data);

    /// <summary>Starts it anew, whatever of it a command that was killed left running.</summary>
    /// <param name="roles"><see cref="All"/> or <see cref="ApiOnly"/>.</param>
    /// <param name="cancellationToken">The command's.</param>
    public async Task StartAsync(string roles, CancellationToken cancellationToken)
    {
        await StopAsync(cancellationToken);
        state.Listen = $"https://127.0.0.1:{FreePort()}";
        record.Save();
        _local.Start(binary, state.Listen, ["--roles", roles], Environment());
        await _local.UntilReadyAsync(record.Plan.Name, state.Listen, StartLimit, cancellationToken);
    }

    /// <summary>What it is at with AWS may take a minute, and is gone on with as well as ended: nobody waits for it.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _local.StopAsync(cancellationToken, StopLimit);

    /// <summary>With all that it stored.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await StopAsync(cancellationToken);
        _local.Remove();
        GenesisFiles.Tidy(record.Plan.Name);
    }

    public ApiClient Client() =>
        new(_local.Entry($"{record.Plan.Name} (temporary)", state.Listen!), TimeSpan.FromSeconds(30), null);

    /// <summary>The ids of the tokens that it made for this machine; a token says its own: <c>tp_&lt;id&gt;_…</c>.</summary>
    public IEnumerable<string> Tokens() =>
        TokenFiles
            .Select(f => Path.Combine(_local.Data, f))
            .Where(File.Exists)
            .Select(static f => File.ReadAllText(f).Trim().Split('_'))
            .Where(static parts => parts.Length == 3)
            .Select(static parts => parts[1]);

    /// <summary>
    /// The user's own, with the chosen profile, and nothing that is meant for another threeport. What it makes is tagged as the control plane's
    /// that it makes it for.
    /// </summary>
    private Dictionary<string, string?> Environment()
    {
        var all = new Dictionary<string, string?>();
        foreach (var name in System.Environment.GetEnvironmentVariables().Keys.Cast<string>())
        {
            if (
                name.StartsWith("THREEPORT_", StringComparison.Ordinal)
                && !name.StartsWith("THREEPORT_AWS__", StringComparison.Ordinal)
            )
            {
                all[name] = null;
            }
        }

        if (state.Profile is { } profile)
        {
            foreach (var name in OtherCredentials)
            {
                all[name] = null;
            }

            all["AWS_PROFILE"] = profile;
        }

        all["AWS_REGION"] = state.Region;
        all["THREEPORT_AWS__CONTROL_PLANE"] = record.Plan.Name;
        all["THREEPORT_AGENT__NAMESPACE"] = Installation.InstallationPlan.AgentOf(record.Plan.Name).Namespace;
        return all;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
