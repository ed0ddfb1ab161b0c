using System.Text.Json.Nodes;
using Threeport.Installation;

namespace Threeport.Tests.Installation;

/// <summary>Which pod of PostgreSQL or NATS is replaced, and when.</summary>
public sealed class TurnTests
{
    [Test]
    public void Nothing_goes_before_the_cluster_has_taken_note_of_what_is_wanted()
    {
        var turn = Turn.Of(Set(replicas: 3, observed: 1), [Pod(0, "old")]);
        Assert.That(turn.Waits, Is.EqualTo("the cluster has not taken note of it yet"));
    }

    [Test]
    public void When_all_are_new_and_well_it_is_done() =>
        Assert.That(Turn.Of(Set(2), [Pod(0, "new"), Pod(1, "new")]).IsDone);

    [Test]
    public void When_all_are_well_the_last_old_one_goes()
    {
        var turn = Turn.Of(Set(3), [Pod(0, "old"), Pod(1, "old"), Pod(2, "new")]);
        Assert.That(Name(turn.Next(primary: null)), Is.EqualTo("pod-1"));
    }

    [Test]
    public void The_primary_goes_last()
    {
        var turn = Turn.Of(Set(2), [Pod(0, "old"), Pod(1, "old")]);
        Assert.That(Name(turn.Next(primary: "pod-1")), Is.EqualTo("pod-0"));
        Assert.That(Name(Turn.Of(Set(2), [Pod(0, "new"), Pod(1, "old")]).Next(primary: "pod-1")), Is.EqualTo("pod-1"));
    }

    [TestCase("new", true, true, Description = "it still starts")]
    [TestCase("old", true, false, Description = "it is on its way out")]
    public void While_one_is_not_well_no_other_goes(string revision, bool isNotReady, bool stays)
    {
        var turn = Turn.Of(
            Set(3),
            [Pod(0, "old"), Pod(1, "old"), Pod(2, revision, isReady: !isNotReady, isGoing: !stays)]
        );
        Assert.That(turn.Waits, Is.EqualTo("2 of 3 are ready, 2 still to be replaced"));
        Assert.That(turn.Broken, Is.Null);
    }

    [Test]
    public void While_one_is_missing_no_other_goes() =>
        Assert.That(Turn.Of(Set(3), [Pod(0, "old"), Pod(1, "old")]).Waits, Is.Not.Null);

    [Test]
    public void An_old_one_that_is_not_well_goes_at_once_for_it_may_be_what_is_put_back()
    {
        var turn = Turn.Of(Set(3), [Pod(0, "new"), Pod(1, "new"), Pod(2, "broken", isReady: false)]);
        Assert.That(Name(turn.Broken!), Is.EqualTo("pod-2"));
    }

    private static string Name(JsonObject pod) => (string)pod["metadata"]!["name"]!;

    private static JsonObject Set(int replicas, int observed = 2) =>
        JsonNode
            .Parse(
                $$"""
                {
                  "metadata": {"generation": 2},
                  "spec": {"replicas": {{replicas}}},
                  "status": {"observedGeneration": {{observed}}, "updateRevision": "new"}
                }
                """
            )!
            .AsObject();

    private static JsonObject Pod(int ordinal, string revision, bool isReady = true, bool isGoing = false)
    {
        var metadata = new JsonObject
        {
            ["name"] = $"pod-{ordinal}",
            ["labels"] = new JsonObject { ["controller-revision-hash"] = revision },
        };
        if (isGoing)
        {
            metadata["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        }

        return new()
        {
            ["metadata"] = metadata,
            ["status"] = new JsonObject
            {
                ["conditions"] = new JsonArray(
                    (JsonNode)new JsonObject { ["type"] = "Ready", ["status"] = isReady ? "True" : "False" }
                ),
            },
        };
    }
}
