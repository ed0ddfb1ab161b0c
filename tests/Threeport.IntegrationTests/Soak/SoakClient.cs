using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Threeport.IntegrationTests.Soak;

/// <summary>
/// Creates, updates, deletes and reads workloads of names that are its own, one request at a time, and notes every answer. As it is
/// the only one that writes them, it knows what a read may show.
/// </summary>
/// <param name="number">Which of the clients.</param>
/// <param name="names">How many names it has.</param>
/// <param name="http">How it reaches the control plane.</param>
/// <param name="ledger">Where it notes.</param>
/// <param name="random">Its choices.</param>
/// <param name="patience">How long it waits for an answer.</param>
internal sealed class SoakClient(
    int number,
    int names,
    HttpClient http,
    Ledger ledger,
    Random random,
    TimeSpan patience
)
{
    /// <summary>Between two requests: a steady load, not a flood.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(150);

    private readonly Known[] _known = [.. Enumerable.Range(0, names).Select(i => new Known($"s-{number}-{i}"))];
    private readonly Stopwatch _unanswered = new();
    private int _sent;

    public async Task RunAsync(CancellationToken stop)
    {
        _unanswered.Start();
        while (!stop.IsCancellationRequested)
        {
            await StepAsync(_known[random.Next(_known.Length)]);
            await Task.Delay(Pace, CancellationToken.None);
        }

        ledger.AddGap(_unanswered.Elapsed);
    }

    /// <summary>Not interrupted: a request that was sent is waited for, or its outcome would be a guess.</summary>
    private Task StepAsync(Known known) =>
        (known.Definition.Count == 0 ? 0 : random.Next(100)) switch
        {
            < 50 => DefineAsync(known),
            < 75 => known.HasInstance ? DeleteAsync(known) : InstantiateAsync(known),
            _ => ReadAsync(known),
        };

    private async Task DefineAsync(Known known)
    {
        var mark = NextMark();
        var write = await PutAsync(known, "workload-definitions", mark, SoakServers.Definition(known.Name, mark));
        if (write.IsAnswered)
        {
            known.Definition.Clear();
            known.Definition.UnionWith(known.Late);
        }

        if (!write.IsRefusedForGood)
        {
            known.Definition.Add(mark);
        }

        if (write.Status is null)
        {
            known.Late.Add(mark);
        }
    }

    private async Task InstantiateAsync(Known known)
    {
        var spec = new JsonObject { ["workloadDefinition"] = known.Name };
        var write = await PutAsync(known, "workload-instances", NextMark(), spec);
        known.HasInstance |= write.IsAnswered;
    }

    private async Task DeleteAsync(Known known)
    {
        var mark = NextMark();
        var (status, body) = await SendAsync(HttpMethod.Delete, $"/v0/workload-instances/{known.Name}", null);
        ledger.Add(new(mark, "workload-instances", known.Name, IsDelete: true, status, IdOf(status, body)));
        known.HasInstance &= status is not (>= 200 and < 300 or 404);
    }

    private async Task ReadAsync(Known known)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, $"/v0/workload-definitions/{known.Name}", null);
        if (status is not (200 or 404))
        {
            return;
        }

        ledger.AddRead();
        var shown = (string?)body?["labels"]?["write"] ?? "nothing";
        // Nothing is right only as long as no creation was answered.
        if (!known.Definition.Contains(shown) && (known.IsCreated || shown != "nothing"))
        {
            ledger.AddStaleRead($"{known.Name} showed {shown}, not {string.Join(" or ", known.Definition)}");
        }
    }

    private async Task<SoakWrite> PutAsync(Known known, string plural, string mark, JsonObject spec)
    {
        var resource = new JsonObject
        {
            ["labels"] = new JsonObject { ["write"] = mark },
            ["spec"] = spec,
        };
        var (status, body) = await SendAsync(HttpMethod.Put, $"/v0/{plural}/{known.Name}", resource);
        var write = new SoakWrite(mark, plural, known.Name, IsDelete: false, status, IdOf(status, body));
        ledger.Add(write);
        known.IsCreated |= write.IsAnswered;
        return write;
    }

    /// <returns>A status of null: no answer came.</returns>
    private async Task<(int? Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, JsonObject? body)
    {
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
            request.Content = body is null ? null : JsonContent.Create(body);
            using var answer = await http.SendAsync(request, deadline.Token);
            var read =
                answer.StatusCode is HttpStatusCode.NoContent || answer.Content.Headers.ContentLength == 0
                    ? null
                    : await answer.Content.ReadFromJsonAsync<JsonNode>(deadline.Token);
            // Anything but "come again" is an answer.
            if ((int)answer.StatusCode < 500 && answer.StatusCode is not HttpStatusCode.TooManyRequests)
            {
                ledger.AddGap(_unanswered.Elapsed);
                _unanswered.Restart();
            }

            return ((int)answer.StatusCode, read);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            return (null, null);
        }
    }

    private static Guid? IdOf(int? status, JsonNode? body) =>
        status is >= 200 and < 300 && Guid.TryParse((string?)body?["id"], out var id) ? id : null;

    private string NextMark() => $"{number}-{++_sent}";

    /// <summary>What this client knows of one name.</summary>
    private sealed class Known(string name)
    {
        public string Name => name;

        /// <summary>Marks that the definition may show: of the last answered write and of those since that may be stored.</summary>
        public HashSet<string> Definition { get; } = [];

        /// <summary>Marks of writes without an answer: they may arrive after others that were sent later.</summary>
        public HashSet<string> Late { get; } = [];

        public bool IsCreated { get; set; }

        public bool HasInstance { get; set; }
    }
}
