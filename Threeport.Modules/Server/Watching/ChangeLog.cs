using System.Runtime.CompilerServices;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Threeport.Runtime;
using Threeport.Server.Outbox;

namespace Threeport.Server.Watching;

/// <summary>Reads the log of changes: a stream that keeps the last change of each resource for an hour.</summary>
internal sealed class ChangeLog(INatsJSContext jetStream, KindCatalog kinds)
{
    /// <summary>Older positions may have been cut off: the stream keeps an hour.</summary>
    private const long MaxAgeSeconds = 50 * 60;

    /// <returns>The identity of the stream and its last sequence.</returns>
    public async Task<LogPosition> EndAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var stream = await jetStream.GetStreamAsync(Subjects.Stream, cancellationToken: cancellationToken);
        return new(Identity(stream.Info), (ulong)stream.Info.State.LastSeq, time.GetUtcNow().ToUnixTimeSeconds());
    }

    /// <summary>Whether everything after a position is still there.</summary>
    public static bool Covers(LogPosition end, LogPosition from, TimeProvider time) =>
        end.Stream == from.Stream
        && from.Sequence <= end.Sequence
        && time.GetUtcNow().ToUnixTimeSeconds() - from.UnixSeconds < MaxAgeSeconds;

    /// <summary>All changes after a position, without end. Reconnects by itself; ends when the stream is gone.</summary>
    public async IAsyncEnumerable<Change> AfterAsync(
        LogPosition position,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var consumer = await jetStream.CreateOrderedConsumerAsync(
            Subjects.Stream,
            new() { DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartSequence, OptStartSeq = position.Sequence + 1 },
            cancellationToken
        );
        await foreach (var message in consumer.ConsumeAsync<byte[]>(cancellationToken: cancellationToken))
        {
            if (Read(message, position.Stream) is { } change)
            {
                yield return change;
            }
        }
    }

    private Change? Read(INatsJSMsg<byte[]> message, string stream)
    {
        if (
            Subjects.Parse(message.Subject) is not var (plural, id)
            || kinds.Find(plural) is not { } kind
            || message.Metadata is not { } metadata
            || message.Headers is not { } headers
            || headers[Subjects.ChangeHeader].ToString() is not { Length: > 0 } what
            || headers[Subjects.NameHeader].ToString() is not { Length: > 0 } name
        )
        {
            return null;
        }

        return new(
            new(stream, metadata.Sequence.Stream, metadata.Timestamp.ToUnixTimeSeconds()),
            kind,
            id,
            name,
            what == OutboxRow.Deleted
        );
    }

    private static string Identity(StreamInfo info) => info.Created.ToUnixTimeMilliseconds().ToString("x", null);
}
