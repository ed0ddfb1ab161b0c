namespace Threeport.IntegrationTests.Server;

/// <summary>A server-sent event as it was read.</summary>
internal sealed record SseEvent(string Name, string? Id, string Data);

/// <summary>Reads server-sent events, each within ten seconds.</summary>
internal sealed class SseReader(HttpResponseMessage response, StreamReader reader) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static async Task<SseReader> OpenAsync(HttpClient client, string path, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new(response, new(await response.Content.ReadAsStreamAsync()));
    }

    /// <returns>All events up to and with the first that fits.</returns>
    public async Task<IReadOnlyList<SseEvent>> UntilAsync(Func<SseEvent, bool> fits)
    {
        using var limit = new CancellationTokenSource(Limit);
        var events = new List<SseEvent>();
        while (events.Count == 0 || !fits(events[^1]))
        {
            events.Add(await ReadAsync(limit.Token));
        }

        return events;
    }

    public ValueTask DisposeAsync()
    {
        reader.Dispose();
        response.Dispose();
        return default;
    }

    private async Task<SseEvent> ReadAsync(CancellationToken cancellationToken)
    {
        var (name, id, data) = ("", (string?)null, "");
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            switch (line)
            {
                case ['e', 'v', 'e', 'n', 't', ':', .. var rest]:
                    name = rest.Trim();
                    break;
                case ['i', 'd', ':', .. var rest]:
                    id = rest.Trim();
                    break;
                case ['d', 'a', 't', 'a', ':', .. var rest]:
                    data = rest.Trim();
                    break;
                case "" when name.Length > 0:
                    return new(name, id, data);
            }
        }

        throw new EndOfStreamException("The stream of events ended.");
    }
}
