using System.Text.Json.Nodes;

namespace Threeport.IntegrationTests.EndToEnd.Installed;

/// <summary>What the objects of a control plane in a cluster allow and ask for, as they are there, not as they were sent.</summary>
internal static class LockedDown
{
    private static readonly string[] Servers = ["api", "controllers", "nats", "postgres"];
    private static readonly string[] Requested = ["cpu", "memory"];
    private static readonly string[] Probes = ["startupProbe", "livenessProbe", "readinessProbe"];

    public static async Task AssertAsync(string kubeconfig, string ns)
    {
        var pods = await ItemsAsync(kubeconfig, ns, "pods");
        var agents = await ItemsAsync(kubeconfig, $"{ns}-system", "pods");
        Assert.That(pods.Select(NameOf), Is.EquivalentTo(Servers));
        Assert.That(agents.Select(NameOf), Is.EqualTo(new[] { "threeport-agent" }));
        using (Assert.EnterMultipleScope())
        {
            foreach (var pod in pods.Concat(agents))
            {
                AssertPod(NameOf(pod), pod["spec"]!);
            }

            var budgets = await ItemsAsync(kubeconfig, ns, "poddisruptionbudgets");
            Assert.That(budgets.Select(static b => (string?)b["metadata"]!["name"]), Is.EquivalentTo(Servers));
            await AssertPoliciesAsync(kubeconfig, ns);
            await AssertRightsAsync(kubeconfig, ns);
        }
    }

    private static void AssertPod(string name, JsonNode spec)
    {
        Assert.That((bool?)spec["securityContext"]?["runAsNonRoot"], Is.True, name);
        Assert.That((string?)spec["securityContext"]?["seccompProfile"]?["type"], Is.EqualTo("RuntimeDefault"), name);
        Assert.That(spec["hostNetwork"] ?? spec["hostPID"] ?? spec["hostIPC"], Is.Null, name);
        foreach (var container in spec["containers"]!.AsArray())
        {
            AssertContainer(name, container!);
        }
    }

    private static void AssertContainer(string name, JsonNode container)
    {
        var context = container["securityContext"]!;
        Assert.That((bool?)context["allowPrivilegeEscalation"], Is.False, name);
        Assert.That((bool?)context["readOnlyRootFilesystem"], Is.True, name);
        Assert.That(context["capabilities"]!.ToJsonString(), Is.EqualTo("""{"drop":["ALL"]}"""), name);
        var resources = container["resources"]!;
        Assert.That(resources["requests"]!.AsObject().Select(static r => r.Key), Is.EquivalentTo(Requested), name);
        Assert.That(resources["limits"]!.AsObject().Select(static r => r.Key), Has.Member("memory"), name);
        foreach (var probe in Probes)
        {
            Assert.That(container[probe], Is.Not.Null, $"{probe} of {name}");
        }
    }

    /// <summary>Everything is closed but what is named, and each server has what it is reached by.</summary>
    private static async Task AssertPoliciesAsync(string kubeconfig, string ns)
    {
        var policies = await ItemsAsync(kubeconfig, ns, "networkpolicies");
        var closed = policies.Where(static p =>
            p["spec"]!["ingress"] is null && p["spec"]!["podSelector"]!.AsObject().Count == 0
        );
        Assert.That(closed.Count(), Is.EqualTo(1), "one that closes all");
        var opened = policies
            .Where(static p => p["spec"]!["ingress"] is not null)
            .Select(static p => (string?)p["spec"]!["podSelector"]!["matchLabels"]!["app.kubernetes.io/name"]);
        Assert.That(opened, Is.EquivalentTo(Servers));
        Assert.That(await ItemsAsync(kubeconfig, $"{ns}-system", "networkpolicies"), Has.Count.EqualTo(1));
    }

    /// <summary>No server may do anything in the cluster but the database's, which keeps there who is its primary, and nothing secret.</summary>
    private static async Task AssertRightsAsync(string kubeconfig, string ns)
    {
        async Task<bool> MayAsync(string account, string verb, string resource) =>
            (
                await ClusterListing.TryKubectlAsync(
                    kubeconfig,
                    "auth",
                    "can-i",
                    verb,
                    resource,
                    "--namespace",
                    ns,
                    "--as",
                    $"system:serviceaccount:{ns}:{account}"
                )
            ).StartsWith("yes", StringComparison.Ordinal);

        Assert.That(await MayAsync("threeport", "get", "pods"), Is.False);
        Assert.That(await MayAsync("threeport", "get", "secrets"), Is.False);
        Assert.That(await MayAsync("postgres", "update", "configmaps"), Is.True);
        Assert.That(await MayAsync("postgres", "get", "secrets"), Is.False);
        Assert.That(await MayAsync("postgres", "create", "pods"), Is.False);
    }

    private static string NameOf(JsonNode pod) =>
        (string?)pod["metadata"]!["labels"]?["app.kubernetes.io/name"] ?? (string)pod["metadata"]!["name"]!;

    private static async Task<IReadOnlyList<JsonNode>> ItemsAsync(string kubeconfig, string ns, string type)
    {
        var list = await ClusterListing.KubectlAsync(kubeconfig, "get", type, "--namespace", ns, "--output=json");
        return [.. JsonNode.Parse(list)!["items"]!.AsArray().Select(static i => i!)];
    }
}
