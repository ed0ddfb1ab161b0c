using System.Globalization;
using Microsoft.Extensions.Configuration;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Threeport.Runtime;

/// <summary>The stream, made or brought up to date in place.</summary>
public sealed class Streams(INatsJSContext jetStream, BrokerRequests requests, IConfiguration configuration)
{
    private static readonly Version Floor = new(2, 9, 10);

    /// <summary>Idempotent, also when two processes do it at once; called at start and whenever the broker may have lost its disk.</summary>
    /// <returns>
    /// When the stream was made: another time than before means that the broker has lost what it held.
    /// </returns>
    /// <exception cref="InvalidOperationException">The broker is too old, or answered with other settings than asked for.</exception>
    public async Task<DateTimeOffset> EnsureAsync(CancellationToken cancellationToken)
    {
        await jetStream.Connection.ConnectAsync().AsTask().WaitAsync(cancellationToken);
        RequireVersion(jetStream.Connection.ServerInfo?.Version);
        return await requests.AskAsync(EnsureStreamAsync, cancellationToken);
    }

    /// <summary>Makes it anew, without what it held: positions in it are of no use from then on, and everybody notices.</summary>
    public async Task MakeAnewAsync(CancellationToken cancellationToken)
    {
        await jetStream.Connection.ConnectAsync().AsTask().WaitAsync(cancellationToken);
        await requests.AskAsync(DeleteStreamAsync, cancellationToken);
        await EnsureAsync(cancellationToken);
    }

    private async Task<bool> DeleteStreamAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await jetStream.DeleteStreamAsync(Subjects.Stream, cancellationToken);
        }
        catch (NatsJSApiException e) when (e.Error.Code == 404)
        {
            return false;
        }
    }

    /// <summary>An older broker ignores what it does not know instead of refusing it.</summary>
    private static void RequireVersion(string? version)
    {
        if (version is null || !Version.TryParse(version.Split('-')[0], out var parsed) || parsed < Floor)
        {
            throw new InvalidOperationException($"nats-server {Floor} or later is needed; this one is {version}.");
        }
    }

    private async Task<DateTimeOffset> EnsureStreamAsync(CancellationToken cancellationToken)
    {
        var wanted = new StreamConfig(Subjects.Stream, [Subjects.All])
        {
            Storage = StreamConfigStorage.File,
            Retention = StreamConfigRetention.Limits,
            Discard = StreamConfigDiscard.Old,
            // The last message of a subject is all that counts: ten changes of a resource are one notification.
            MaxMsgsPerSubject = 1,
            // What is older is found by the resync; the database is the truth.
            MaxAge = TimeSpan.FromHours(1),
            // A message that comes twice does no harm, so this only saves work; the broker holds each id in memory for so long.
            DuplicateWindow = TimeSpan.FromSeconds(10),
            MaxMsgSize = 4096,
            NumReplicas = configuration["Threeport:NatsReplicas"] is { Length: > 0 } replicas
                ? int.Parse(replicas, CultureInfo.InvariantCulture)
                : 1,
        };
        var stream = await jetStream.CreateOrUpdateStreamAsync(wanted, cancellationToken);
        var made = stream.Info.Config;
        if (made.MaxMsgsPerSubject != 1 || made.Retention != wanted.Retention || made.MaxAge != wanted.MaxAge)
        {
            throw new InvalidOperationException(
                $"The broker made the stream {Subjects.Stream} with other settings than asked for."
            );
        }

        return stream.Info.Created;
    }
}
