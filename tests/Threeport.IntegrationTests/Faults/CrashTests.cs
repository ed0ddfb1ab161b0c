using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Threeport.IntegrationTests.EndToEnd;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Faults;

/// <summary>Nothing that was answered is lost, and nothing is there twice, whatever dies.</summary>
public sealed class CrashTests
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(120);

    [Test]
    public async Task A_host_that_is_killed_among_a_hundred_creates_and_deletes_settles_after_its_restart()
    {
        await using var whole = await WholeControlPlane.StartAsync();
        await DefineAsync(whole, 100);
        // Half of them are there before, so that creates and deletes are under way together.
        for (var i = 0; i < 50; i++)
        {
            await CreateAsync(whole, i);
        }

        var (created, deleted) = (new ConcurrentBag<int>(Enumerable.Range(0, 50)), new ConcurrentBag<int>());
        var writes = Enumerable
            .Range(0, 50)
            .SelectMany(i => new[] { (Delete: true, Index: i), (Delete: false, Index: 50 + i) })
            .ToList();
        var kill = Task.Run(async () =>
        {
            await Eventually.TrueAsync(
                "a third of the writes was answered",
                () => created.Count + deleted.Count > 80,
                Settled
            );
            await whole.Host.KillAsync();
        });
        await Parallel.ForEachAsync(
            writes,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (write, _) =>
            {
                try
                {
                    if (write.Delete)
                    {
                        using var response = await whole.Host.Client.DeleteAsync(
                            new Uri($"/v0/workload-instances/w-{write.Index}", UriKind.Relative),
                            CancellationToken.None
                        );
                        if (response.IsSuccessStatusCode)
                        {
                            deleted.Add(write.Index);
                        }
                    }
                    else if (await CreateAsync(whole, write.Index))
                    {
                        created.Add(write.Index);
                    }
                }
                catch (HttpRequestException)
                {
                    // Not answered: it may or may not have been stored.
                }
            }
        );
        await kill;
        await whole.Host.StartAgainAsync();
        await SettledAsync(whole);

        var there = (await whole.ListAsync("workload-instances")).Select(static w => (string)w["name"]!).ToList();
        Assert.That(there, Is.Unique);
        Assert.That(
            created.Except(deleted).Where(i => i >= 50).Select(static i => $"w-{i}"),
            Is.SubsetOf(there),
            "created and answered"
        );
        Assert.That(there.Intersect(deleted.Select(static i => $"w-{i}")), Is.Empty, "deleted and answered");
        await ClusterHoldsExactlyAsync(whole, there);
    }

    private static async Task DefineAsync(WholeControlPlane whole, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await whole.PutAsync(
                $"workload-definitions/w-{i}",
                new()
                {
                    ["yamlDocument"] = $$"""
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: w-{{i}}, namespace: default}
                    data: {index: "{{i}}"}
                    """,
                }
            );
        }
    }

    private static async Task<bool> CreateAsync(WholeControlPlane whole, int index)
    {
        using var response = await whole.Host.Client.PutAsJsonAsync(
            $"/v0/workload-instances/w-{index}",
            new JsonObject { ["spec"] = new JsonObject { ["workloadDefinition"] = $"w-{index}" } }
        );
        return response.IsSuccessStatusCode;
    }

    /// <summary>Everything is Healthy, or gone.</summary>
    private static Task SettledAsync(WholeControlPlane whole) =>
        Eventually.TrueAsync(
            "every workload is Healthy or gone",
            async () =>
            {
                var unsettled = (await whole.ListAsync("workload-instances"))
                    .Where(static w => WholeControlPlane.Reason(w) != "Healthy" || w["deletionRequestedAt"] is not null)
                    .ToList();
                return unsettled.Count == 0
                    ? true
                    : throw new InvalidOperationException(
                        $"{unsettled.Count} are not, such as {unsettled[0]!.ToJsonString()}\n{whole.Host.Log}"
                    );
            },
            Settled
        );

    private static async Task ClusterHoldsExactlyAsync(WholeControlPlane whole, IReadOnlyList<string> names)
    {
        using var cluster = whole.Cluster();
        var resource = await cluster.FindResourceAsync("v1", "ConfigMap", CancellationToken.None);
        var found = await cluster.ListAsync(
            resource!,
            new() { Namespace = "default", LabelSelector = "app.kubernetes.io/managed-by=threeport" },
            CancellationToken.None
        );
        Assert.That(found.Items.Select(static o => (string)o["metadata"]!["name"]!), Is.EquivalentTo(names));
    }
}
