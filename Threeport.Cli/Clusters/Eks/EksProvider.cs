using System.Text.Json.Nodes;
using Threeport.Cli.Output;
using Threeport.Installation;

namespace Threeport.Cli.Clusters.Eks;

/// <summary>
/// A cluster at AWS for the control plane, made by a temporary control plane on this machine: what comes before the steps that any cluster takes,
/// between them, and after.
/// </summary>
internal sealed class EksProvider
{
    public const string Name = "eks";

    /// <summary>The agent of a runtime that its control plane puts nothing into.</summary>
    public const string NoAgent = "None";

    /// <summary>Once it is done it is not done again: what came along was put right, and what came since is not its business.</summary>
    public const string HandOver = "Hand over";

    private const string Made = "Cluster";
    private const string Gone = "Temporary one gone";

    private readonly InstallationRecord _record;
    private readonly EksState _state;
    private readonly AwsTool _tool;
    private readonly GenesisControlPlane _genesis;
    private readonly string _name;

    public EksProvider(InstallationRecord record)
    {
        (_record, _state, _name) = (record, record.Eks!, record.Plan.Name);
        _tool = new(_state);
        _genesis = new(record, _state, _tool.Binary);
    }

    /// <summary>Until there is a cluster that a control plane can be installed in.</summary>
    public IReadOnlyList<Step> Steps =>
        _state.IsHandedOver
            ? [new("AWS", CheckAsync)]
            : [new("AWS", CheckAsync), new("Temporary one", StartAsync), new(Made, MakeAsync)];

    /// <summary>What follows when the control plane in the cluster can be reached.</summary>
    /// <param name="installer">It knows where the API is reached from within.</param>
    public Step HandingOver(Installer installer) =>
        new(HandOver, new Handover(_record, _state, _genesis, installer).RunAsync);

    /// <summary>The last one.</summary>
    public Step Leaving => new(Gone, LeaveAsync);

    /// <summary>Nobody is at work on it: what was stored stays, to go on with or to take down.</summary>
    public Task PauseAsync() => _genesis.StopAsync(CancellationToken.None);

    private async Task<string> CheckAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        progress($"what may be done in {_state.Region}");
        // Once it was begun the cluster is ours, and takes no more room than it has.
        var found = await _tool.PreflightAsync(_record.Done.Count == 0 ? _name : null, cancellationToken);
        var account = Known(found["account"]);
        if (found["problems"] is JsonArray { Count: > 0 } problems)
        {
            throw Problem(problems);
        }

        if (_state.Account is { } before && account != before)
        {
            throw new InstallationException(
                "to ask AWS who you are",
                $"these credentials are of the account {account}, and \"{_name}\" was begun in {before}",
                "Use those of that account: another profile with AWS_PROFILE, or as it was at the first `up`."
            );
        }

        (_state.Account, _state.Location) = (account, Known(found["location"]));
        var notes = (found["notes"] as JsonArray ?? []).Select(static n => $"\n    {n.Text()}");
        return $"{found["arn"].Text()}, {_state.Region}{string.Concat(notes)}";
    }

    private static InstallationException Problem(JsonArray problems)
    {
        var first = problems[0]!;
        var others = problems.Skip(1).Select(static p => $"{p!["tried"].Text()}: {p["got"].Text()}");
        return new(first["tried"].Text(), string.Join("; ", others.Prepend(first["got"].Text())), first["next"].Text());
    }

    private async Task<string> StartAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        progress($"to start {_tool.Binary}");
        await _genesis.StartAsync(GenesisControlPlane.All, cancellationToken);
        using var client = _genesis.Client();
        var resources = new Resources(client, _name);
        progress($"to make {Resources.Accounts[..^1]}/{_name}");
        // Whose credentials, its surroundings say: here the user's, in the cluster the role of the controllers.
        await resources.PutAsync(
            Resources.Accounts,
            Json.Object(("accountId", _state.Account), ("defaultRegion", _state.Region), ("defaultAccount", true)),
            cancellationToken
        );
        await resources.UntilAsync(Resources.Accounts, Json.IsReady, progress, cancellationToken);
        return $"{_state.Listen}, account {_state.Account}";
    }

    private async Task<string> MakeAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        using var client = _genesis.Client();
        var resources = new Resources(client, _name);
        await StateAsync(resources, cancellationToken);
        await resources.UntilAsync(Registration.Runtimes, Exists, progress, cancellationToken);
        await resources.UntilAsync(Resources.Clusters, Exists, progress, cancellationToken);
        await resources.PatchAsync(
            Resources.Clusters,
            new() { ["controlPlaneNamespace"] = _record.Plan.Namespace },
            cancellationToken
        );
        // The cluster first: it says what is being made, and its runtime follows.
        var cluster = await resources.UntilAsync(Resources.Clusters, Json.IsReady, progress, cancellationToken);
        var runtime = await resources.UntilAsync(Registration.Runtimes, Json.IsReady, progress, cancellationToken);
        _state.Role = RoleOf(cluster);
        _record.Plan = _record.Plan with { Aws = _state.Surroundings };
        _record.Kubeconfig = EksKubeconfig.Write(
            _name,
            runtime["status"]!["apiEndpoint"].Text(),
            runtime["status"]!["caCertificate"].Text(),
            _tool
        );
        _record.Context = _name;
        return $"{_name}: {runtime["status"]!["version"].Text()}, {_record.Kubeconfig}";
    }

    private async Task StateAsync(Resources resources, CancellationToken cancellationToken)
    {
        await resources.PutAsync(
            Resources.Definitions,
            Json.Object(
                ("infraProvider", Name),
                ("infraProviderAccountName", _name),
                ("highAvailability", _record.Plan.Size == InstallationPlan.HighlyAvailable)
            ),
            cancellationToken
        );
        await resources.PutAsync(
            Registration.Runtimes,
            Json.Object(
                ("kubernetesRuntimeDefinition", _name),
                ("location", _state.Location),
                ("defaultRuntime", true),
                // Its own agent is put there by the control plane that is to be.
                ("agent", NoAgent)
            ),
            cancellationToken
        );
    }

    private string RoleOf(JsonObject cluster) =>
        (cluster["status"]?["inventory"] as JsonArray ?? [])
            .Where(r => r?["step"].Text() == $"ControllersRole/{_record.Plan.Namespace}")
            .Select(static r => Known(r?["arn"]))
            .FirstOrDefault(static arn => arn is not null)
        ?? throw new InstallationException(
            "to find the role of the controllers",
            "the cluster is ready without one",
            "Run the same command again."
        );

    private async Task<string> LeaveAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        progress("to stop it, and to remove what it stored");
        await _genesis.RemoveAsync(cancellationToken);
        return $"{GenesisFiles.BackupOf(_name)} has what it stored";
    }

    private static bool Exists(JsonObject resource) => resource["deletionRequestedAt"] is null;

    private static string? Known(JsonNode? node) => node is null ? null : node.Text();
}
