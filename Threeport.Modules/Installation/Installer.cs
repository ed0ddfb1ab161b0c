using System.Text.Json.Nodes;
using Threeport.Certificates;
using Threeport.Kubernetes;

namespace Threeport.Installation;

/// <summary>Puts a control plane into a cluster, step by step.</summary>
/// <param name="cluster">The cluster, as somebody who may do anything there.</param>
/// <param name="plan">What is wanted; checked.</param>
/// <param name="own">Connection strings of what the user has already.</param>
/// <param name="time">The clock.</param>
public sealed partial class Installer(ClusterClient cluster, InstallationPlan plan, OwnServers own, TimeProvider time)
{
    private static readonly Version Oldest = new(1, 20);

    private readonly Secrets _secrets = new(cluster, plan.Namespace, time);
    private Dictionary<string, string> _addresses = [];
    private CertificateAuthority? _authority;

    /// <summary>How long what is started may take until it is well.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Where the API is reached from outside; known once the steps are done.</summary>
    public Uri? Endpoint { get; private set; }

    /// <summary>Where the API is reached from pods of this cluster.</summary>
    public Uri InnerEndpoint => new($"https://{_addresses["api"]}:8443");

    /// <summary>The CA, PEM.</summary>
    public string CaCertificate => _authority!.Pem;

    /// <summary>All steps, in their order.</summary>
    public IReadOnlyList<Step> Steps =>
        [
            new("Preflight", PreflightAsync),
            new("Identities", IdentitiesAsync),
            new("Network", NetworkAsync),
            new("Images", ImagesAsync),
            new("PostgreSQL and NATS", ServersAsync),
            new("Database schema", MigrateAsync),
            new("API", (progress, token) => DeployAsync("api", progress, token)),
            new("Controllers", (progress, token) => DeployAsync("controllers", progress, token)),
        ];

    internal async Task<string> ServersAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        await Task.WhenAll(
            ServerAsync("postgres", plan.PostgresReplicas, progress, cancellationToken),
            ServerAsync("nats", plan.NatsReplicas, progress, cancellationToken)
        );
        return $"{(plan.HasOwnDatabase ? "your PostgreSQL" : $"{plan.PostgresReplicas} PostgreSQL")}, {(plan.HasOwnBroker ? "your NATS" : $"{plan.NatsReplicas} NATS")}";
    }

    internal async Task ServerAsync(
        string name,
        int replicas,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        if (replicas == 0)
        {
            return;
        }

        foreach (var manifest in Templates.Read(name, Values()))
        {
            foreach (var claim in manifest["spec"]?["volumeClaimTemplates"] as JsonArray ?? [])
            {
                if (plan.StorageClass is { } storage)
                {
                    claim!["spec"]!["storageClassName"] = storage;
                }
            }

            await cluster.ApplyAsync(WithHosts(manifest), cancellationToken);
        }

        await DisruptionsAsync(name, cancellationToken);
        await UntilServerAsync(name, progress, cancellationToken);
    }

    /// <summary>Its pods are as its StatefulSet says, one replaced after the other, and well.</summary>
    internal async Task UntilServerAsync(string name, Action<string> progress, CancellationToken cancellationToken)
    {
        var advice =
            $"kubectl --namespace {plan.Namespace} describe pods --selector app.kubernetes.io/name={name}; then logs of what does not start.";
        await new Succession(cluster, plan.Namespace, name, StartLimit, progress, time).RunAsync(
            advice,
            cancellationToken
        );
        await Rollout(progress)
            .UntilAsync(new("apps/v1", "StatefulSet", plan.Namespace, name), name, advice, cancellationToken);
    }

    internal async Task<string> MigrateAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var job = new ObjectReference("batch/v1", "Job", plan.Namespace, "migration");
        await cluster.DeleteAsync(job, Propagation.Foreground, uid: null, cancellationToken);
        while (await cluster.FindAsync(job, cancellationToken, metadataOnly: true) is not null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken);
        }

        await cluster.ApplyAsync(WithHosts(Templates.Read("migration", Values()).Single()), cancellationToken);
        await Rollout(progress)
            .UntilAsync(
                job,
                "migration",
                $"kubectl --namespace {plan.Namespace} logs job/migration says what the database refused.",
                cancellationToken
            );
        await cluster.DeleteAsync(job, Propagation.Background, uid: null, cancellationToken);
        return "as this version needs it";
    }

    internal async Task<string> DeployAsync(string name, Action<string> progress, CancellationToken cancellationToken)
    {
        var deployment = WithHosts(Templates.Read(name, Values()).Single());
        await cluster.ApplyAsync(AtAws.Equip(plan, deployment), cancellationToken);
        await DisruptionsAsync(name, cancellationToken);
        await UntilDeployedAsync(name, progress, cancellationToken);
        return name == "api" ? $"{Replicas()} at {Endpoint!.GetLeftPart(UriPartial.Authority)}" : Replicas();
    }

    internal Task UntilDeployedAsync(string name, Action<string> progress, CancellationToken cancellationToken) =>
        Rollout(progress)
            .UntilAsync(
                new("apps/v1", "Deployment", plan.Namespace, name),
                name,
                $"kubectl --namespace {plan.Namespace} logs --selector app.kubernetes.io/name={name} --tail 50",
                cancellationToken
            );

    private string Replicas() => plan.Replicas == 1 ? "1 replica" : $"{plan.Replicas} replicas";

    private async Task DisruptionsAsync(string server, CancellationToken cancellationToken)
    {
        var isOld = await cluster.FindResourceAsync("policy/v1", "PodDisruptionBudget", cancellationToken) is null;
        var values = Values();
        values["server"] = server;
        values["disruptionApi"] = isOld ? "policy/v1beta1" : "policy/v1";
        await cluster.ApplyAsync(Templates.Read("disruptions", values).Single(), cancellationToken);
    }

    private Rollout Rollout(Action<string> progress) => new(cluster, plan.Namespace, StartLimit, progress, time);

    private string Host(string service) => $"{service}.{plan.Namespace}.svc";

    private static IEnumerable<string> Pods(string server, int replicas) =>
        Enumerable.Range(0, replicas).Select(i => $"{server}-{i}");

    private Dictionary<string, string> Values() =>
        new()
        {
            ["name"] = plan.Name,
            ["namespace"] = plan.Namespace,
            ["hostImage"] = plan.Image("host"),
            ["agentImage"] = plan.Image("agent"),
            ["agentNamespace"] = InstallationPlan.AgentOf(plan.Name).Namespace,
            ["postgresImage"] = plan.Image("postgres"),
            ["natsImage"] = plan.Image("nats"),
            ["apiReplicas"] = $"{plan.Replicas}",
            ["controllerReplicas"] = $"{plan.Replicas}",
            ["postgresReplicas"] = $"{plan.PostgresReplicas}",
            ["natsReplicas"] = $"{Math.Max(1, plan.NatsReplicas)}",
            ["synchronous"] = plan.IsHighlyAvailable ? "true" : "false",
            ["databaseStorage"] = plan.DatabaseStorage,
            ["endpoint"] = Endpoint?.GetLeftPart(UriPartial.Authority) ?? "",
            ["advertise"] = string.Join(
                ',',
                new[]
                {
                    Endpoint?.Host.Trim('[', ']'),
                    Host("api"),
                    _addresses.GetValueOrDefault("api"),
                }.OfType<string>()
            ),
        };
}
