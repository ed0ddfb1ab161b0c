using System.Text.Json.Nodes;
using Threeport.Kubernetes;

namespace Threeport.Installation;

/// <summary>
/// Where everything is reached. Each server has a Service of its own, and each pod is told their addresses (<c>hostAliases</c>): the
/// control plane goes on while the cluster resolves no names, and starts where nothing does.
/// </summary>
public sealed partial class Installer
{
    internal async Task<string> NetworkAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var values = Values();
        var addresses = new Dictionary<string, string>();
        foreach (var (server, replicas, port, peerPort) in Listeners())
        {
            if (replicas == 0)
            {
                continue;
            }

            (values["server"], values["port"], values["peerPort"]) = (server, $"{port}", $"{peerPort}");
            await cluster.ApplyAsync(Templates.Read("headless-service", values).Single(), cancellationToken);
            foreach (var pod in Pods(server, replicas))
            {
                progress($"Service {pod}");
                values["pod"] = pod;
                addresses[pod] = Address(
                    await cluster.ApplyAsync(Templates.Read("pod-service", values).Single(), cancellationToken)
                );
            }
        }

        values["serviceType"] = plan.Expose switch
        {
            InstallationPlan.NodePort => "NodePort",
            InstallationPlan.LoadBalancer => "LoadBalancer",
            _ => "ClusterIP",
        };
        var service = Templates.Read("api-service", values).Single();
        if (plan is { Expose: InstallationPlan.NodePort, Port: { } wanted })
        {
            service["spec"]!["ports"]![0]!["nodePort"] = wanted;
        }

        AtAws.Balance(plan, service);
        var api = await ApplyServiceAsync(service, dryRun: false, cancellationToken);
        addresses["api"] = Address(api);
        _addresses = addresses;
        Endpoint = plan.Endpoint ?? await EndpointAsync(api.Object, progress, cancellationToken);
        return Endpoint.GetLeftPart(UriPartial.Authority);
    }

    private IEnumerable<(string Server, int Replicas, int Port, int PeerPort)> Listeners() =>
        [("postgres", plan.PostgresReplicas, 5432, 8008), ("nats", plan.NatsReplicas, 4222, 6222)];

    private async Task<ApplyResult> ApplyServiceAsync(
        JsonObject service,
        bool dryRun,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await cluster.ApplyAsync(service, cancellationToken, dryRun);
        }
        catch (KubernetesException exception) when (exception.Status == 422)
        {
            throw new InstallationException(
                $"to use the port {plan.Port}",
                exception.Message,
                "Choose another port with --port, or leave it out for one that is free."
            );
        }
    }

    private async Task<Uri> EndpointAsync(JsonObject api, Action<string> progress, CancellationToken cancellationToken)
    {
        switch (plan.Expose)
        {
            case InstallationPlan.ClusterIp:
                return InnerEndpoint;
            case InstallationPlan.NodePort:
                var port = api["spec"]!["ports"]![0]!["nodePort"]!.GetValue<int>();
                return new UriBuilder("https", await NodeAddressAsync(cancellationToken), port).Uri;
            default:
                return new UriBuilder("https", await BalancerAsync(progress, cancellationToken), 8443).Uri;
        }
    }

    /// <summary>Of the first node; an address that is reached from outside where it has one.</summary>
    private async Task<string> NodeAddressAsync(CancellationToken cancellationToken)
    {
        var nodes = await cluster.FindResourceAsync("v1", "Node", cancellationToken);
        var addresses = (await cluster.ListAsync(nodes!, new(), cancellationToken))
            .Items.OrderBy(static n => n["metadata"]!["name"]!.GetValue<string>(), StringComparer.Ordinal)
            .SelectMany(static n => (n["status"]?["addresses"] as JsonArray ?? []).OfType<JsonObject>())
            .ToLookup(static a => a["type"]!.GetValue<string>(), static a => a["address"]!.GetValue<string>());
        return addresses["ExternalIP"].Concat(addresses["InternalIP"]).First();
    }

    private async Task<string> BalancerAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < StartLimit)
        {
            var service = await cluster.FindAsync(new("v1", "Service", plan.Namespace, "api"), cancellationToken);
            var ingress = (service?["status"]?["loadBalancer"]?["ingress"] as JsonArray)?.FirstOrDefault();
            if ((ingress?["hostname"] ?? ingress?["ip"])?.GetValue<string>() is { Length: > 0 } address)
            {
                return address;
            }

            progress("the load balancer has no address yet");
            await Task.Delay(TimeSpan.FromSeconds(2), time, cancellationToken);
        }

        throw new InstallationException(
            "to get a load balancer for the Service api",
            $"it had no address after {StartLimit.TotalMinutes:0} minutes",
            "Look at the Service's events; or choose --expose nodeport."
        );
    }

    private static string Address(ApplyResult service) => service.Object["spec"]!["clusterIP"]!.GetValue<string>();

    /// <summary>Tells the pods of a workload where the others are.</summary>
    private JsonObject WithHosts(JsonObject workload)
    {
        if (workload["spec"]?["template"]?["spec"] is JsonObject pod)
        {
            pod["hostAliases"] = new JsonArray([
                .. _addresses
                    .OrderBy(static a => a.Key, StringComparer.Ordinal)
                    .Select(a =>
                        (JsonNode)new JsonObject { ["ip"] = a.Value, ["hostnames"] = new JsonArray(Host(a.Key)) }
                    ),
            ]);
        }

        return workload;
    }
}
