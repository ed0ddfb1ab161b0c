using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Threeport.Runtime;
using Threeport.Server.Endpoints;

namespace Threeport.Tests.Server;

/// <summary>Eight places, of which an address or a name has two.</summary>
public sealed class ConnectionLimitsTests
{
    private ConnectionLimits _limits = null!;

    [SetUp]
    public void Make() => _limits = Limits("8");

    [Test]
    public void Of_one_address_the_oldest_makes_room()
    {
        var (first, second, third) = (Open(1), Open(1), Open(1));
        Assert.That((first.IsOpen, second.IsOpen, third.IsOpen), Is.EqualTo((false, true, true)));
    }

    [Test]
    public void Of_all_addresses_the_oldest_makes_room_when_there_is_none()
    {
        var opened = Enumerable.Range(1, 9).Select(Open).ToList();
        Assert.That(
            opened.Select(static c => c.IsOpen),
            Is.EqualTo(new[] { false }.Concat(Enumerable.Repeat(true, 8)))
        );
    }

    [Test]
    public void Whoever_is_known_keeps_its_place()
    {
        var known = Open(1);
        Prove(known, "somebody");
        var others = Enumerable.Range(0, 20).Select(i => Open(i % 3)).ToList();
        Assert.That(known.IsOpen);
        Assert.That(others.Count(static c => c.IsOpen), Is.EqualTo(6), "two of each address");
    }

    [Test]
    public void Beyond_the_share_of_a_name_its_connections_go_first()
    {
        var flood = Enumerable.Range(0, 8).Select(i => Open(i)).ToList();
        flood.ForEach(c => Prove(c, "flood"));
        var others = Enumerable.Range(10, 6).Select(Open).ToList();
        others.ForEach(c => Prove(c, $"{c.GetHashCode()}"));
        Assert.That(flood.Count(static c => c.IsOpen), Is.EqualTo(2));
        Assert.That(others, Is.All.Matches<Connection>(static c => c!.IsOpen));
        Assert.That(Open(20).IsOpen, Is.False, "everybody there is known, and there is no room");
    }

    [Test]
    public void A_name_without_a_limit_has_none()
    {
        var ours = Enumerable.Range(0, 8).Select(Open).ToList();
        ours.ForEach(c => Prove(c, name: null));
        Assert.That(Open(20).IsOpen, Is.False);
        Assert.That(ours, Is.All.Matches<Connection>(static c => c!.IsOpen));
    }

    [Test]
    public void A_place_that_is_given_back_is_free_and_counts_for_nobody()
    {
        for (var i = 0; i < 100; i++)
        {
            var connection = Open(1);
            Prove(connection, "somebody");
            connection.Place!.Dispose();
            connection.Place.Dispose();
        }

        var opened = Enumerable.Range(0, 8).Select(Open).ToList();
        opened.Take(2).ToList().ForEach(c => Prove(c, "somebody"));
        Open(20);
        Assert.That(
            opened.Select(static c => c.IsOpen),
            Is.EqualTo(new[] { true, true, false, true, true, true, true, true })
        );
    }

    [Test]
    public void What_has_left_is_not_taken_back_by_its_last_request()
    {
        var first = Open(1);
        Open(1);
        Open(1);
        Prove(first, "somebody");
        first.Place!.Dispose();
        Assert.That(Open(2).IsOpen);
        Assert.That(first.IsOpen, Is.False);
    }

    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("many")]
    public void The_number_is_one(string text) => Assert.Throws<SettingsException>(() => Limits(text));

    private static ConnectionLimits Limits(string number) =>
        new(new ConfigurationBuilder().AddInMemoryCollection([new("Threeport:Limits:Connections", number)]).Build());

    private void Prove(Connection connection, string? name) => _limits.Prove(connection.Place!, name);

    private Connection Open(int address)
    {
        var context = new Context { RemoteEndPoint = new IPEndPoint(new IPAddress([10, 0, 0, (byte)address]), 1) };
        return new(context, _limits.Take(context));
    }

    private sealed record Connection(Context Context, ConnectionPlace? Place)
    {
        public bool IsOpen => Place is not null && !Context.IsAborted;
    }

    /// <summary>The usual one says it is closed later, on another thread.</summary>
    private sealed class Context : DefaultConnectionContext
    {
        public bool IsAborted { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;
    }
}
