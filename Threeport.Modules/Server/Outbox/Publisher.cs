using System.Globalization;
using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Threeport.Runtime;

namespace Threeport.Server.Outbox;

/// <summary>Sends notifications to JetStream, many at once, each confirmed.</summary>
internal sealed class Publisher : IBroker
{
    private const int MaxOutstanding = 256;

    private readonly INatsJSContext _jetStream;
    private readonly Streams _streams;
    private readonly BrokerRequests _requests;

    public Publisher(INatsJSContext jetStream, Streams streams, BrokerRequests requests)
    {
        (_jetStream, _streams, _requests) = (jetStream, streams, requests);
        // Both live as long as the process.
        jetStream.Connection.ConnectionOpened += (_, _) =>
        {
            Connected?.Invoke();
            return default;
        };
    }

    public event Action? Connected;

    public bool IsConnected => _jetStream.Connection.ConnectionState is NatsConnectionState.Open;

    public Task<DateTimeOffset> EnsureStreamAsync(CancellationToken cancellationToken) =>
        _streams.EnsureAsync(cancellationToken);

    public async Task<(IReadOnlyList<Guid> Confirmed, Exception? Failure)> PublishAsync(
        IReadOnlyList<OutboxRow> rows,
        CancellationToken cancellationToken
    )
    {
        var confirmed = new List<Guid>(rows.Count);
        Exception? failure = null;
        foreach (var chunk in rows.Chunk(MaxOutstanding))
        {
            var outcomes = await Task.WhenAll(chunk.Select(row => TryPublishAsync(row, cancellationToken)));
            for (var i = 0; i < chunk.Length; i++)
            {
                if (outcomes[i] is { } exception)
                {
                    failure ??= exception;
                }
                else
                {
                    confirmed.Add(chunk[i].Id);
                }
            }

            if (failure is not null)
            {
                break;
            }
        }

        return (confirmed, failure);
    }

    private async Task<Exception?> TryPublishAsync(OutboxRow row, CancellationToken cancellationToken)
    {
        try
        {
            return await _requests.AskOnceAsync<Exception?>(
                async token =>
                {
                    await PublishAsync(row, token);
                    return null;
                },
                cancellationToken
            );
        }
        catch (Exception e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return e;
        }
    }

    private async Task PublishAsync(OutboxRow row, CancellationToken cancellationToken)
    {
        var headers = new NatsHeaders { [Subjects.NameHeader] = row.Name };
        if (row.Change is { } change)
        {
            headers[Subjects.ChangeHeader] = change;
            headers[Subjects.RevisionHeader] = row.Revision.ToString(CultureInfo.InvariantCulture);
        }

        if (row.Trace is { } trace)
        {
            headers["traceparent"] = trace;
        }

        var confirmation = await _jetStream.PublishAsync(
            SubjectOf(row),
            Encoding.ASCII.GetBytes(row.Generation.ToString(CultureInfo.InvariantCulture)),
            opts: new() { MsgId = row.Id.ToString("N") },
            headers: headers,
            cancellationToken: cancellationToken
        );
        // A duplicate was published before, and confirmed to somebody who died before removing the row: that is a success.
        if (!confirmation.Duplicate)
        {
            confirmation.EnsureSuccess();
        }
    }

    /// <summary>For whom a row is decides where it goes.</summary>
    public static string SubjectOf(OutboxRow row) =>
        (row.Work, row.Change) switch
        {
            (true, null) => Subjects.Wake(row.Kind, row.ResourceId),
            (true, _) => Subjects.Changed(row.Kind, row.ResourceId),
            _ => Subjects.Seen(row.Kind, row.ResourceId),
        };
}
