using System.Collections.Concurrent;
using System.Reflection;
using Threeport.IntegrationTests.Agent;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;
using Threeport.Modules.Aws;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeDefinitions;
using Threeport.Modules.ControlPlanes.ControlPlaneInstances;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeDefinitions;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;
using Threeport.Modules.Workloads.WorkloadDefinitions;
using Threeport.Modules.Workloads.WorkloadInstances;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Faults;

/// <summary>
/// Each reconciler is killed once before and once after each of its effects (a write to the cluster, a checkpoint, the end of
/// a pass), and followed by another: what comes of it is what comes of an undisturbed life, and nothing is made twice.
/// </summary>
public sealed class CrashAfterEveryEffectTests
{
    private const int AtOnce = 12;
    private const int Clusters = 4;

    [Test, Kills(typeof(WorkloadInstanceReconciler))]
    public async Task A_workload_instance_ends_as_undisturbed_wherever_its_reconciler_dies()
    {
        var server = await Servers.KubernetesAsync();
        server.StartControllerManager();
        var connection = Kubeconfig.Parse(server.Kubeconfig);
        using var cluster = new ClusterClient(connection);
        foreach (var order in new AgentManifests(AgentScope.Of(null)).Orders)
        {
            await cluster.ApplyAsync(order.Content, CancellationToken.None);
        }

        await Eventually.TrueAsync(
            "ThreeportWorkload is served",
            async () => await cluster.FindResourceAsync("threeport.io/v1", "ThreeportWorkload", default) is not null
        );
        await KilledEverywhereAsync(points => new WorkloadLife(connection, cluster, points).RunAsync());
    }

    [Test, Kills(typeof(WorkloadDefinitionReconciler))]
    public async Task A_workload_definition_ends_as_undisturbed_wherever_its_reconciler_dies()
    {
        var server = await Servers.KubernetesAsync();
        var connection = Kubeconfig.Parse(server.Kubeconfig);
        await KilledEverywhereAsync(async points =>
        {
            await using var proxy = await RecordingProxy.StartAsync(connection);
            var resources = new MemoryResources();
            resources.Put(
                new WorkloadDefinition
                {
                    Name = "d",
                    Spec = new() { YamlDocument = WorkloadLife.Map },
                }
            );
            var life = new Life<WorkloadDefinition>(
                resources,
                proxy,
                static () => new WorkloadDefinitionReconciler(),
                "d",
                points
            );
            await life.UntilAsync("create", static r => r.IsReady);
            return ([$"{resources.Get<WorkloadDefinition>("d").Status.Objects}"], proxy.Created);
        });
    }

    [Test, Kills(typeof(KubernetesRuntimeInstanceReconciler))]
    public async Task A_runtime_ends_as_undisturbed_wherever_its_reconciler_dies()
    {
        // Clusters of their own, for what is installed is there once a cluster; each is used for several lives, one at a time.
        var servers = await Task.WhenAll(
            Enumerable.Range(0, Clusters).Select(static _ => KubernetesServer.StartAsync())
        );
        Array.ForEach(servers, static s => s.StartControllerManager());
        var free = new ConcurrentBag<KubernetesServer>(servers);
        try
        {
            await KilledEverywhereAsync(
                async points =>
                {
                    free.TryTake(out var server);
                    try
                    {
                        return await new RuntimeLife(server!, points).RunAsync();
                    }
                    finally
                    {
                        free.Add(server!);
                    }
                },
                atOnce: Clusters
            );
        }
        finally
        {
            await Task.WhenAll(servers.Select(static s => s.DisposeAsync().AsTask()));
        }
    }

    [Test, Kills(typeof(ControlPlaneInstanceReconciler))]
    public async Task A_control_plane_is_found_as_it_is_wherever_its_reconciler_dies()
    {
        var connection = Kubeconfig.Parse((await Servers.KubernetesAsync()).Kubeconfig);
        using var cluster = new ClusterClient(connection);
        var ns = await ControlPlaneLife.MakeAsync(cluster);
        await KilledEverywhereAsync(points => new ControlPlaneLife(connection, ns, points).RunAsync());
    }

    [Test, Kills(typeof(KubernetesRuntimeDefinitionReconciler))]
    public Task A_runtime_definition_ends_as_undisturbed_wherever_its_reconciler_dies() =>
        KilledEverywhereAsync(async points =>
        {
            var resources = new MemoryResources { Dies = points.Dies };
            resources.Put(
                new KubernetesRuntimeDefinition
                {
                    Name = "d",
                    Spec = new() { InfraProvider = "eks" },
                }
            );
            await SettleAsync("create", finalize: false);
            var made = resources.Get<AwsEksKubernetesRuntimeDefinition>("d").Spec.DefaultNodeGroupInstanceType;
            await SettleAsync("delete", finalize: true);
            var left = await resources.FindAsync<AwsEksKubernetesRuntimeDefinition>("d", CancellationToken.None);
            return ([made, $"{left is null}"], []);

            async Task SettleAsync(string phase, bool finalize)
            {
                points.Phase = phase;
                var reconciler = new KubernetesRuntimeDefinitionReconciler(resources, new([new EksProvider()]));
                await Eventually.TrueAsync(
                    phase,
                    async () =>
                    {
                        try
                        {
                            return (await resources.PassAsync(reconciler, "d", finalize)).IsReady;
                        }
                        catch (PassLostException)
                        {
                            points.Revive();
                            return false;
                        }
                    }
                );
            }
        });

    [Test]
    public void Every_reconciler_is_killed_by_a_test()
    {
        var reconcilers = Threeport.Host.Modules.All.SelectMany(static m =>
            m.GetType()
                .Assembly.GetTypes()
                .Where(static t =>
                    !t.IsAbstract
                    && t.GetInterfaces()
                        .Any(static i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReconciler<>))
                )
        );
        var killed = GetType()
            .Assembly.GetTypes()
            .SelectMany(static t => t.GetMethods())
            .SelectMany(static m => m.GetCustomAttributes<KillsAttribute>());
        Assert.That(killed.Select(static k => k.Reconciler), Is.EquivalentTo(reconcilers));
    }

    private static async Task KilledEverywhereAsync(
        Func<CrashPoints, Task<(IReadOnlyList<string> State, IReadOnlyCollection<string> Created)>> life,
        int atOnce = AtOnce
    )
    {
        var undisturbed = new CrashPoints();
        var (wanted, _) = await life(undisturbed);
        var wrong = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(
            Enumerable.Range(1, undisturbed.Passed.Count),
            new ParallelOptions { MaxDegreeOfParallelism = atOnce },
            async (at, _) =>
            {
                var points = new CrashPoints(at);
                var (state, created) = await life(points);
                var twice = created.GroupBy(static c => c).Where(static g => g.Count() > 1).Select(static g => g.Key);
                if (!state.SequenceEqual(wanted) || twice.Any())
                {
                    wrong.Enqueue(
                        $"Killed {points.Passed[at - 1]}: {string.Join("; ", state)} instead of {string.Join("; ", wanted)}; twice: {string.Join(", ", twice)}"
                    );
                }
            }
        );
        TestContext.Out.WriteLine(
            $"killed at {undisturbed.Passed.Count} points: {string.Join(", ", undisturbed.Passed)}"
        );
        Assert.That(wrong, Is.Empty);
        Assert.That(undisturbed.Passed, Has.Count.GreaterThanOrEqualTo(2));
    }
}
