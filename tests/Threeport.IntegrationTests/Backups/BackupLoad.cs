using System.Collections.Concurrent;
using Threeport.Api;
using Threeport.IntegrationTests.Server;
using Threeport.Server.Resources;

namespace Threeport.IntegrationTests.Backups;

/// <summary>Clients that create, change and delete as fast as they can, and remember each secret that was taken.</summary>
internal sealed class BackupLoad(ApiLayer layer) : IAsyncDisposable
{
    private const int Clients = 4;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private int _writes;

    /// <summary>By name and revision.</summary>
    public ConcurrentDictionary<(string Name, long Revision), string> Secrets { get; } = new();

    public int Writes => Volatile.Read(ref _writes);

    public BackupLoad Start()
    {
        _running = Task.WhenAll(Enumerable.Range(0, Clients).Select(RunAsync));
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    private async Task RunAsync(int client)
    {
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            var name = $"load-{client}-{i % 50}";
            try
            {
                if (i % 7 == 6)
                {
                    await layer.WriteAsync(WriteVerb.Delete, "plain-samples", $"plain-{client}-{i - 1}");
                }
                else if (i % 7 == 5)
                {
                    await layer.WriteAsync(
                        WriteVerb.Put,
                        "plain-samples",
                        $"plain-{client}-{i}",
                        new { text = "tab\t\\. \n" }
                    );
                }
                else
                {
                    var secret = $"hush {client} {i}";
                    var written = await layer.WriteAsync(WriteVerb.Put, "samples", name, new { size = i, secret });
                    Secrets[(name, written.Resource.Revision)] = secret;
                }

                Interlocked.Increment(ref _writes);
            }
            catch (ProblemException e) when (e.Problem.Status == 404)
            {
                // Deleted before.
            }
        }
    }
}
