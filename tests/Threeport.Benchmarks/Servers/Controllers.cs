using System.Globalization;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.Benchmarks.Servers;

/// <summary>Processes that run controllers and nothing else, without a database of their own: they ask the API of a control plane.</summary>
internal sealed class Controllers : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>As their pods have it (Manifests/controllers.yaml): many that share a machine would compile more than they work.</summary>
    private static readonly IReadOnlyDictionary<string, string?> AsInPods = new Dictionary<string, string?>
    {
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
    };

    private readonly List<(ChildProcess Process, string Data)> _replicas = [];

    public IReadOnlyList<int> Processes => [.. _replicas.Select(static r => r.Process.Id)];

    /// <summary>One in each folder, with so many workers. Returns when all are ready.</summary>
    public static async Task<Controllers> StartAsync(
        string program,
        ControlPlane api,
        Broker broker,
        IReadOnlyList<string> folders,
        int workers,
        CancellationToken cancellationToken
    )
    {
        var started = new Controllers();
        try
        {
            var ready = folders
                .Select(f => started.StartOneAsync(program, api, broker, f, workers, cancellationToken))
                .ToList();
            await Task.WhenAll(ready);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (process, _) in _replicas)
        {
            process.Signal(15);
        }

        foreach (var (process, data) in _replicas)
        {
            await process.WaitForExitAsync(TimeSpan.FromSeconds(40));
            await process.DisposeAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    private async Task StartOneAsync(
        string program,
        ControlPlane api,
        Broker broker,
        string folder,
        int workers,
        CancellationToken cancellationToken
    )
    {
        var address = new Uri($"http://127.0.0.1:{Ports.Next()}");
        var process = ChildProcess.Start(
            "controllers",
            program,
            [
                "--roles",
                "controllers",
                "--modules",
                "probes",
                "--data",
                folder,
                "--listen",
                address.GetLeftPart(UriPartial.Authority),
                "--nats",
                broker.Url,
                "--api-url",
                api.Address.GetLeftPart(UriPartial.Authority),
                "--api-ca",
                api.CaFile,
                "--api-token-file",
                Path.Combine(api.Data, "controllers.token"),
            ],
            environment: new Dictionary<string, string?>(AsInPods)
            {
                ["THREEPORT_CONCURRENCY__DEFAULT"] = workers.ToString(CultureInfo.InvariantCulture),
            }
        );
        _replicas.Add((process, folder));
        using var client = new HttpClient { BaseAddress = address };
        await Ready.WhenAsync(
            "the controllers are ready",
            async token =>
            {
                using var answer = await client.GetAsync(new Uri("/readyz", UriKind.Relative), token);
                return answer.IsSuccessStatusCode;
            },
            StartLimit,
            TimeSpan.FromMilliseconds(50),
            process,
            cancellationToken
        );
    }
}
