using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Net;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Runtime;

public sealed class StreamsTests
{
    [Test]
    public async Task The_streams_are_made_again_after_the_broker_lost_its_disk()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = Connect(server);
        var streams = StreamsOn(connection);
        await streams.EnsureAsync(CancellationToken.None);
        await streams.EnsureAsync(CancellationToken.None);

        await server.KillAsync();
        server.Wipe();
        await server.RestartAsync();
        await Eventually.TrueAsync(
            "the streams are there again",
            async () =>
            {
                await streams.EnsureAsync(CancellationToken.None);
                return true;
            }
        );

        var stream = await connection.CreateJetStreamContext().GetStreamAsync(Subjects.Stream);
        Assert.That(stream.Info.State.Messages, Is.Zero);
    }

    [Test]
    public async Task Ten_notifications_for_one_resource_are_one()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = Connect(server);
        await StreamsOn(connection).EnsureAsync(CancellationToken.None);
        var jetStream = connection.CreateJetStreamContext();
        var subject = Subjects.Changed("things", Guid.CreateVersion7());

        for (var generation = 1; generation <= 10; generation++)
        {
            (await jetStream.PublishAsync(subject, $"{generation}")).EnsureSuccess();
        }

        var stream = await jetStream.GetStreamAsync(Subjects.Stream);
        Assert.That(stream.Info.State.Messages, Is.EqualTo(1));
    }

    private static Streams StreamsOn(NatsConnection connection) =>
        new(
            connection.CreateJetStreamContext(),
            new BrokerRequests(connection, TimeProvider.System),
            new ConfigurationBuilder().Build()
        );

    private static NatsConnection Connect(NatsServer server) =>
        new(
            NatsSettings.Options(
                new ConfigurationBuilder().AddInMemoryCollection([new("Threeport:Nats", server.Url)]).Build(),
                new Node("test"),
                NullLoggerFactory.Instance
            )
        );
}
