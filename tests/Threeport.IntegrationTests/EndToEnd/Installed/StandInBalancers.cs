using System.Text.Json.Nodes;
using Threeport.AwsServer;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.EndToEnd.Installed;

/// <summary>
/// What AWS's controller in a cluster does: a Service of type LoadBalancer gets an address, here that of the machine, to which the cluster's own
/// rules answer; and at AWS there is a load balancer until the Service goes.
/// </summary>
internal sealed class StandInBalancers : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, string> _groups = [];
    private readonly string _kubeconfig;
    private readonly AwsEndpoint _aws;
    private readonly AwsCluster _cluster;
    private readonly string _address;
    private readonly Task _work;

    public StandInBalancers(string kubeconfig, AwsEndpoint aws, AwsCluster cluster, string address)
    {
        (_kubeconfig, _aws, _cluster, _address) = (kubeconfig, aws, cluster, address);
        _work = WorkAsync();
    }

    /// <summary>Those that there were, with what was asked for each.</summary>
    public List<JsonNode> Seen { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        using var client = new ClusterClient(Kubeconfig.Parse(await File.ReadAllTextAsync(_kubeconfig)));
        var type = await client.FindResourceAsync("v1", "Service", _stop.Token);
        while (!_stop.IsCancellationRequested)
        {
            var services = (await client.ListAsync(type!, new(), _stop.Token))
                .Items.Where(static s => (string?)s["spec"]?["type"] == "LoadBalancer")
                .ToDictionary(static s => (string)s["metadata"]!["uid"]!);
            foreach (var (uid, service) in services.Where(s => !_groups.ContainsKey(s.Key)))
            {
                await BalanceAsync(service);
                _groups[uid] = _aws.Control.AddLoadBalancer(_cluster);
                Seen.Add(service);
            }

            foreach (var uid in _groups.Keys.Except(services.Keys).ToList())
            {
                _aws.Control.RemoveLoadBalancer(_cluster, _groups[uid]);
                _groups.Remove(uid);
            }

            await Task.Delay(Look, _stop.Token);
        }
    }

    private async Task BalanceAsync(JsonObject service)
    {
        var metadata = service["metadata"]!;
        service["apiVersion"] = "v1";
        service["kind"] = "Service";
        service["status"] = new JsonObject
        {
            ["loadBalancer"] = new JsonObject
            {
                ["ingress"] = new JsonArray((JsonNode)new JsonObject { ["ip"] = _address }),
            },
        };
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, service.ToJsonString(), _stop.Token);
            await ClusterListing.KubectlAsync(
                _kubeconfig,
                "replace",
                "--raw",
                $"/api/v1/namespaces/{metadata["namespace"]}/services/{metadata["name"]}/status",
                "--filename",
                file
            );
        }
        finally
        {
            File.Delete(file);
        }
    }
}
