using System.Diagnostics;
using Threeport.Benchmarks.Servers;

namespace Threeport.Benchmarks.Benchmarks;

/// <summary>Command lines, from their start to their end, against kubectl's of the same meaning.</summary>
internal static class Commands
{
    private const int Times = 20;

    public static async Task RunAsync(Bench bench)
    {
        await VersionAsync(bench);
        await using var host = await bench.ControlPlaneAsync("api");
        await using var cluster = await bench.ClusterAsync();
        var name = Documents.Name();
        await host.Side.PostAsync(Documents.Definitions, Documents.Definition(name), bench.Stop);
        await cluster.Side.PostAsync(Documents.CustomResources, Documents.CustomResource(name), bench.Stop);
        var config = Path.Combine(bench.NewFolder("qleetctl"), "config.yaml");
        await AddAsync(bench, host, config);
        await CompareAsync(
            bench,
            "qleetctl get / kubectl get",
            0.3,
            (bench.Qleetctl, ["get", "workload-definition", name], config),
            (
                bench.Kubectl,
                ["--kubeconfig", cluster.Kubeconfig, "get", "definitions.benchmark.threeport.io", name],
                config
            )
        );
    }

    private static Task VersionAsync(Bench bench) =>
        CompareAsync(
            bench,
            "qleetctl version / kubectl version --client",
            0.15,
            (bench.Qleetctl, ["version"], ""),
            (bench.Kubectl, ["version", "--client"], "")
        );

    private static Task AddAsync(Bench bench, ControlPlane host, string config) =>
        RunAsync(
            bench.Qleetctl,
            [
                "config",
                "add",
                "bench",
                "--endpoint",
                host.Address.GetLeftPart(UriPartial.Authority),
                "--ca-file",
                host.CaFile,
                "--token-file",
                host.TokenFile,
            ],
            config,
            bench.Stop
        );

    private static async Task CompareAsync(
        Bench bench,
        string name,
        double goal,
        (string File, string[] Arguments, string Config) ours,
        (string File, string[] Arguments, string Config) reference
    )
    {
        // What a first run leaves (caches of discovery) is there for both.
        await RunAsync(ours.File, ours.Arguments, ours.Config, bench.Stop);
        await RunAsync(reference.File, reference.Arguments, reference.Config, bench.Stop);
        bench.Report.Compare(
            name,
            "ms",
            Goal.AtMost(goal),
            await Pairs.MeasureAsync(
                bench.Pairs,
                () => MeasureAsync(ours.File, ours.Arguments, ours.Config, bench.Stop),
                () => MeasureAsync(reference.File, reference.Arguments, reference.Config, bench.Stop)
            )
        );
    }

    private static async Task<double> MeasureAsync(
        string file,
        string[] arguments,
        string config,
        CancellationToken cancellationToken
    )
    {
        var times = new List<double>();
        for (var i = 0; i < Times; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await RunAsync(file, arguments, config, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return Numbers.Median(times);
    }

    private static async Task RunAsync(
        string file,
        string[] arguments,
        string config,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var process = Process.Start(
            new ProcessStartInfo(file, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["THREEPORT_CONFIG"] = config },
            }
        )!;
        var (output, error) = (
            process.StandardOutput.ReadToEndAsync(limit.Token),
            process.StandardError.ReadToEndAsync(limit.Token)
        );
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0 || (await output).Length + (await error).Length == 0)
        {
            throw new InvalidOperationException(
                $"{file} {string.Join(' ', arguments)}: exit {process.ExitCode}. {await output}{await error}"
            );
        }
    }
}
