using System.Text.Json.Nodes;

namespace Threeport.IntegrationTests.Soak;

/// <summary>What the audit of a soak finds, for one that finds nothing would always be content.</summary>
public sealed class AuditTests
{
    private const string Plural = "workload-definitions";
    private const string Name = "s-0-0";

    private static readonly Guid Id = Guid.CreateVersion7();

    [Test]
    public void What_was_answered_and_kept_once_is_neither_lost_nor_doubled()
    {
        var audit = Of([Put("0-1", 201), Put("0-2", null), Put("0-3", 409)], [Create("0-1")], Live("0-1", 1));
        Assert.That((audit.Lost.Count, audit.Doubled.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void An_answered_write_that_was_not_kept_is_lost() =>
        Assert.That(Of([Put("0-1", 201), Put("0-2", 200)], [Create("0-1")], Live("0-1", 1)).Lost, Has.Count.EqualTo(1));

    [Test]
    public void An_answered_deletion_that_was_not_kept_is_lost()
    {
        var deletion = new SoakWrite("0-2", Plural, Name, IsDelete: true, 202, Id);
        Assert.That(Of([Put("0-1", 201), deletion], [Create("0-1")], Live("0-1", 1)).Lost, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_resource_that_went_without_a_removal_is_lost() =>
        Assert.That(Of([Put("0-1", 201)], [Create("0-1")], []).Lost, Has.Count.EqualTo(1));

    [Test]
    public void A_resource_that_fell_back_to_an_older_write_is_lost() =>
        Assert.That(
            Of([Put("0-1", 201), Put("0-2", 200)], [Create("0-1"), Update(3, "0-2")], Live("0-1", 2)).Lost,
            Has.Count.EqualTo(1)
        );

    [Test]
    public void A_write_that_was_kept_twice_is_doubled() =>
        Assert.That(
            Of([Put("0-1", null)], [Create("0-1"), Update(3, "0-1")], Live("0-1", 2)).Doubled,
            Has.Count.EqualTo(1)
        );

    [Test]
    public void A_write_that_was_refused_and_kept_is_doubled() =>
        Assert.That(Of([Put("0-1", 409)], [Create("0-1")], Live("0-1", 1)).Doubled, Has.Count.EqualTo(1));

    [Test]
    public void A_change_without_a_write_is_doubled() =>
        Assert.That(Of([Put("0-1", 201)], [Create("0-1")], Live("0-1", 2)).Doubled, Has.Count.EqualTo(1));

    [Test]
    public void A_resource_that_is_there_after_its_removal_is_doubled()
    {
        var removal = new Kept(Id, Plural, Name, 3, "remove", "0-1");
        Assert.That(Of([Put("0-1", 201)], [Create("0-1"), removal], Live("0-1", 1)).Doubled, Has.Count.EqualTo(1));
    }

    private static Audit Of(
        IReadOnlyList<SoakWrite> writes,
        IReadOnlyList<Kept> history,
        Dictionary<Guid, (string Plural, JsonNode Resource)> live
    )
    {
        var ledger = new Ledger();
        foreach (var write in writes)
        {
            ledger.Add(write);
        }

        return Audit.Of(ledger, history, live);
    }

    private static SoakWrite Put(string mark, int? status) =>
        new(mark, Plural, Name, IsDelete: false, status, status is 200 or 201 ? Id : null);

    private static Kept Create(string mark) => new(Id, Plural, Name, 1, "create", mark);

    private static Kept Update(long revision, string mark) => new(Id, Plural, Name, revision, "put", mark);

    private static Dictionary<Guid, (string Plural, JsonNode Resource)> Live(string mark, long generation) =>
        new()
        {
            [Id] = (
                Plural,
                new JsonObject
                {
                    ["name"] = Name,
                    ["generation"] = generation,
                    ["labels"] = new JsonObject { ["write"] = mark },
                }
            ),
        };
}
