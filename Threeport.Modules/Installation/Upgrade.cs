using Threeport.Kubernetes;

namespace Threeport.Installation;

/// <summary>
/// Replaces the pods of a control plane by those of another version while it works, or of the version before. Each step may be done
/// again at any time.
/// </summary>
public sealed class Upgrade
{
    /// <summary>The steps that change what runs: when one of them fails, all of it is put back.</summary>
    public const string Api = "API";

    /// <summary>As <see cref="Api"/>.</summary>
    public const string Controllers = "Controllers";

    /// <summary>As <see cref="Api"/>.</summary>
    public const string Servers = "PostgreSQL and NATS";

    private readonly ClusterClient _cluster;
    private readonly Func<InstallationPlan, Installer> _install;
    private readonly string _namespace;
    private readonly WayBack _wayBack;
    private Installer _installer;

    /// <param name="cluster">The cluster, as somebody who may do anything there.</param>
    /// <param name="plan">What is installed, as what is wanted; checked.</param>
    /// <param name="own">Connection strings of what the user has already.</param>
    /// <param name="limit">How long a server may take until it is well.</param>
    /// <param name="time">The clock.</param>
    public Upgrade(ClusterClient cluster, InstallationPlan plan, OwnServers own, TimeSpan limit, TimeProvider time)
    {
        (_cluster, _namespace, Plan) = (cluster, plan.Namespace, plan);
        _wayBack = new(cluster, plan.Namespace);
        _install = wanted => new(cluster, wanted, own, time) { StartLimit = limit };
        _installer = _install(plan);
    }

    /// <summary>What is wanted; once the images were looked at, with those of PostgreSQL and NATS that stay.</summary>
    public InstallationPlan Plan { get; private set; }

    /// <summary>Which version the images are; known once they were looked at.</summary>
    public ReleaseVersion? Version { get; private set; }

    /// <summary>Whether PostgreSQL and NATS stay as they are, whatever the version brings.</summary>
    public bool KeepsServers { get; init; }

    /// <summary>Whether the cluster is there, and lets this be done.</summary>
    public Step Preflight => new("Preflight", (progress, token) => _installer.PreflightAsync(progress, token));

    /// <summary>Whether the nodes have the images, and what these are.</summary>
    public Step Images => new("Images", ImagesAsync);

    /// <summary>Keeps what runs, before any of it is changed.</summary>
    public Step Keep(Release running) =>
        new(
            "Way back",
            async (_, token) =>
            {
                await _wayBack.KeepAsync(running, token);
                return $"ConfigMap previous in {_namespace}";
            }
        );

    /// <summary>Rights, network policies, settings and addresses, as the new version has them.</summary>
    public Step Settings =>
        new(
            "Settings",
            async (progress, token) =>
            {
                await _installer.IdentitiesAsync(progress, token);
                await _installer.NetworkAsync(progress, token);
                return $"namespace {_namespace}";
            }
        );

    /// <summary>Adds to the tables what the new version needs; the old one goes on with them.</summary>
    public Step Schema => new("Database schema", (progress, token) => _installer.MigrateAsync(progress, token));

    /// <summary>The three that change what runs, in their order.</summary>
    /// <param name="isAnswered">Whether the API answers as the new version, from outside.</param>
    public IReadOnlyList<Step> Replacing(Func<Action<string>, CancellationToken, Task> isAnswered) =>
        [
            new(
                Api,
                async (progress, token) =>
                {
                    var said = await _installer.DeployAsync("api", progress, token);
                    await isAnswered(progress, token);
                    return said;
                }
            ),
            new(Controllers, (progress, token) => _installer.DeployAsync("controllers", progress, token)),
            new(Servers, ServersAsync),
        ];

    /// <summary>The way back: what was kept, in the opposite order.</summary>
    /// <param name="before">What it is to lead to.</param>
    /// <param name="isAnswered">Whether the API answers as the old version, from outside.</param>
    public IReadOnlyList<Step> PuttingBack(Release before, Func<Action<string>, CancellationToken, Task> isAnswered) =>
        [
            new($"Back: {Servers}", (progress, token) => ServersBackAsync(before, progress, token)),
            new($"Back: {Controllers}", (progress, token) => BackAsync("controllers", before, progress, token)),
            new(
                $"Back: {Api}",
                async (progress, token) =>
                {
                    var said = await BackAsync("api", before, progress, token);
                    await isAnswered(progress, token);
                    return said;
                }
            ),
        ];

    private async Task<string> ImagesAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        if (KeepsServers)
        {
            Choose(
                await ReferenceAsync("postgres", cancellationToken),
                await ReferenceAsync("nats", cancellationToken)
            );
        }

        var said = await _installer.ImagesAsync(progress, cancellationToken);
        var asked = _installer;
        Version = ReleaseVersion.Find(asked.HostVersion) ?? ReleaseVersion.Find(Plan.Tag);
        if (!KeepsServers)
        {
            Choose(
                await SameAsync("postgres", asked, cancellationToken),
                await SameAsync("nats", asked, cancellationToken)
            );
        }

        return Version is { } version && version.ToString() != Plan.Tag ? $"{said}, version {version}" : said;
    }

    private void Choose(string? postgres, string? nats)
    {
        Plan = Plan with { PostgresImage = postgres, NatsImage = nats };
        _installer = _install(Plan);
    }

    /// <returns>The image that a server has, if the new version's is the same under another name, so that nothing need be replaced.</returns>
    private async Task<string?> SameAsync(string server, Installer asked, CancellationToken cancellationToken)
    {
        if (
            await ReferenceAsync(server, cancellationToken) is not { } reference
            || !asked.ImageIds.TryGetValue(server, out var wanted)
        )
        {
            return null;
        }

        var pods = await new NewestPods(_cluster, _namespace).AllAsync(server, cancellationToken);
        return pods.Count > 0 && pods.All(p => Installer.IdsOf(p).GetValueOrDefault(server) == wanted)
            ? reference
            : null;
    }

    private async Task<string?> ReferenceAsync(string server, CancellationToken cancellationToken)
    {
        var set = await _cluster.FindAsync(new("apps/v1", "StatefulSet", _namespace, server), cancellationToken);
        return set?["spec"]?["template"]?["spec"]?["containers"]?[0]?["image"]?.GetValue<string>();
    }

    private async Task<string> ServersAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        if (KeepsServers)
        {
            return "kept as they are";
        }

        // Not both at once: what is lost while one of them is replaced is known then.
        await _installer.ServerAsync("nats", Plan.NatsReplicas, progress, cancellationToken);
        await _installer.ServerAsync("postgres", Plan.PostgresReplicas, progress, cancellationToken);
        return $"{Word("PostgreSQL", Plan.PostgresReplicas, Plan.PostgresImage)}, {Word("NATS", Plan.NatsReplicas, Plan.NatsImage)}";
    }

    private static string Word(string server, int replicas, string? kept) =>
        replicas == 0 ? $"your {server}"
        : kept is null ? $"{replicas} {server}"
        : $"{replicas} {server}, the same as before";

    private async Task<string> ServersBackAsync(
        Release before,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        await RequireAsync(before, cancellationToken);
        await _wayBack.PutBackAsync("postgres-settings", cancellationToken);
        foreach (var server in new[] { "postgres", "nats" })
        {
            if (await _wayBack.PutBackAsync(server, cancellationToken))
            {
                await _installer.UntilServerAsync(server, progress, cancellationToken);
            }
        }

        return "as they were";
    }

    private async Task<string> BackAsync(
        string name,
        Release before,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        await RequireAsync(before, cancellationToken);
        await _wayBack.PutBackAsync(name, cancellationToken);
        await _installer.UntilDeployedAsync(name, progress, cancellationToken);
        return $"as it was, {before}";
    }

    private async Task RequireAsync(Release before, CancellationToken cancellationToken)
    {
        if (!await _wayBack.LeadsToAsync(before, cancellationToken))
        {
            throw new InstallationException(
                $"to go back to {before}",
                $"the ConfigMap previous in {_namespace} does not have it",
                "Somebody removed it, or began another upgrade from elsewhere. `qleetctl upgrade` with --image-tag installs whatever version is wanted, as far as it is not older than the database."
            );
        }
    }
}
