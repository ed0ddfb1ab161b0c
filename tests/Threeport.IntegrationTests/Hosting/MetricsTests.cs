using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Hosting;

/// <summary>What the dashboard shows and the alerts watch is what a host says of itself.</summary>
public sealed partial class MetricsTests
{
    /// <summary>Prometheus' own, about what it scrapes.</summary>
    private static readonly string[] NotOurs = ["up"];

    [Test]
    public async Task Every_metric_of_the_dashboard_and_the_alerts_is_there_once_a_host_has_worked()
    {
        await using var host = await HostProcess.StartAsync([
            "--database",
            await (await Servers.PostgresAsync()).CreateDatabaseAsync(),
            "--nats",
            (await Servers.NatsAsync()).Url,
        ]);
        using var watch = await host.Client.GetAsync(
            new Uri("/v0/watch?kinds=workload-definitions", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead
        );
        for (var i = 0; i < 20; i++)
        {
            using var answer = await host.Client.PutAsJsonAsync(
                $"/v0/workload-definitions/m-{i}",
                new { spec = new { yamlDocument = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n" } }
            );
            Assert.That(answer.IsSuccessStatusCode, Is.True);
        }

        var wanted = Names(File("alerts.yaml")).Concat(Names(File("dashboard.json"))).Except(NotOurs).Distinct();
        await Eventually.TrueAsync(
            "all are there, and the passes counted",
            async () =>
            {
                var said = await host.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
                var missing = wanted.Where(n => !said.Contains($"\n{n}{{", StringComparison.Ordinal)).ToList();
                return missing.Count == 0 && Sum(said, "threeport_passes_total", "result=\"Ready\"") >= 20
                    ? true
                    : throw new InvalidOperationException($"Missing: {string.Join(", ", missing)}");
            }
        );
        var metrics = await host.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Multiple(() =>
        {
            Assert.That(Sum(metrics, "threeport_outbox_published_total"), Is.GreaterThanOrEqualTo(20));
            Assert.That(Sum(metrics, "threeport_leases_lost_total"), Is.Zero);
            Assert.That(Sum(metrics, "threeport_watch_connections"), Is.EqualTo(1));
            Assert.That(metrics, Does.Contain("http_route=\"/v0/workload-definitions/{name}\""));
            Assert.That(
                metrics,
                Does.Contain("threeport_queue_depth{otel_scope_name=\"Threeport\",kind=\"workload-instances\"}")
            );
        });
    }

    private static string File(string name, [CallerFilePath] string here = "") =>
        System.IO.File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../../build/observability", name));

    /// <summary>What stands before a brace or a range is a metric's name; labels and functions are not.</summary>
    private static IEnumerable<string> Names(string text) =>
        MetricName()
            .Matches(text)
            .Select(static m => m.Groups[1].Value)
            .Where(static n => n.Contains('_') || n == "up");

    private static double Sum(string metrics, string name, string label = "") =>
        metrics
            .Split('\n')
            .Where(l =>
                l.StartsWith($"{name}{{", StringComparison.Ordinal) && l.Contains(label, StringComparison.Ordinal)
            )
            .Sum(static l => double.Parse(l[(l.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], null));

    [GeneratedRegex(@"\b([a-z][a-z_]*)(?=\{|\[|\) >|\)\[)")]
    private static partial Regex MetricName();
}
