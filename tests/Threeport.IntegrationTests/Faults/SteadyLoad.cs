using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Faults;

/// <summary>
/// Writers that create one definition after the other, each of a name of its own, read what was created, and note every answer.
/// </summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    /// <summary>Of a client, for an answer of whatever kind.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client;
    private readonly ConcurrentQueue<Answer> _answers = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;

    public SteadyLoad(HttpClient client, int writers)
    {
        _client = client;
        _writing = Task.WhenAll(Enumerable.Range(0, writers).Select(WriteAsync));
    }

    public IReadOnlyCollection<Answer> Answers => _answers;

    public IEnumerable<string> Created =>
        _answers.Where(static a => a.Status is HttpStatusCode.Created).Select(static a => a.Name);

    /// <summary>Waits until as many more are written.</summary>
    public async Task IsWrittenAsync(int more)
    {
        var before = Created.Count();
        await Eventually.TrueAsync($"{more} more are written", () => Created.Count() > before + more, LongestWait);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _writing;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task WriteAsync(int writer)
    {
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            var name = $"w{writer}-{i}";
            var spec = new { yamlDocument = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n" };
            var status = await NoteAsync(
                name,
                _client.PostAsJsonAsync("/v0/workload-definitions", new { name, spec }, CancellationToken.None)
            );
            if (status is HttpStatusCode.Created)
            {
                var uri = new Uri($"/v0/workload-definitions/{name}", UriKind.Relative);
                await NoteAsync(name, _client.GetAsync(uri, CancellationToken.None));
            }
        }
    }

    private async Task<HttpStatusCode> NoteAsync(string name, Task<HttpResponseMessage> request)
    {
        var start = Stopwatch.GetTimestamp();
        using var answer = await request;
        _answers.Enqueue(new(name, answer.StatusCode, Stopwatch.GetElapsedTime(start)));
        return answer.StatusCode;
    }

    /// <param name="Name">Of what was to be created or read.</param>
    /// <param name="Status">What came back.</param>
    /// <param name="Took">How long it took.</param>
    internal sealed record Answer(string Name, HttpStatusCode Status, TimeSpan Took);
}
