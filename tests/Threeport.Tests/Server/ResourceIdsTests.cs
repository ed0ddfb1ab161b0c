using Threeport.Server.Writing;

namespace Threeport.Tests.Server;

/// <summary>The order of identifiers is that of their times, in the database's order, which is that of the bytes.</summary>
public sealed class ResourceIdsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void What_is_created_later_in_the_same_millisecond_comes_later()
    {
        // A 4096th of a millisecond is the finest that twelve bits tell apart: 2.44 ticks of 100 ns.
        var ids = Enumerable.Range(0, 3000).Select(static i => ResourceIds.Create(Now.AddTicks(i * 3))).ToList();
        Assert.That(
            ids.Select(static i => $"{i:N}"),
            Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal).And.Unique
        );
    }

    [Test]
    public void An_identifier_is_a_uuid_of_version_7()
    {
        var id = ResourceIds.Create(Now.AddTicks(TimeSpan.TicksPerMillisecond - 1));
        Assert.Multiple(() =>
        {
            Assert.That(id.Version, Is.EqualTo(7));
            Assert.That(id.Variant & 0b1100, Is.EqualTo(0b1000));
            Assert.That($"{id:N}"[..16], Is.EqualTo($"{Now.ToUnixTimeMilliseconds():x12}7fff"));
        });
    }
}
