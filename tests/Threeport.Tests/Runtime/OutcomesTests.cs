using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Tests.Runtime;

public sealed class OutcomesTests
{
    [Test]
    public void A_pass_that_returns_has_observed_the_generation_it_began_with()
    {
        var pass = PassOver(new Gadget { Generation = 7 });
        pass.Record(EventType.Normal, "Made", "It was made.");
        pass.Conditions["Applied"] = new("Applied", ConditionStatus.True, "Applied", "");

        var outcome = Outcomes.Of(pass, Result.Waiting("Making", "Two are missing.", TimeSpan.FromSeconds(5)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.ObservedGeneration, Is.EqualTo(7));
            Assert.That(outcome.RequeueAfter, Is.EqualTo(TimeSpan.FromSeconds(5)));
            Assert.That(outcome.Failed, Is.False);
            Assert.That(outcome.Remove, Is.False);
            Assert.That(outcome.Events, Has.Count.EqualTo(1));
            Assert.That(outcome.Conditions.Select(static c => c.Type), Is.EqualTo(["Ready", "Applied"]));
            Assert.That(outcome.Conditions[0].Reason, Is.EqualTo("Making"));
        }
    }

    [Test]
    public void Only_a_finaliser_that_is_through_removes_the_resource()
    {
        var deleting = new Gadget { DeletionRequestedAt = DateTimeOffset.UnixEpoch };

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Outcomes.Of(PassOver(deleting), Result.Ready).Remove, Is.True);
            Assert.That(Outcomes.Of(PassOver(deleting), Result.Waiting("Deleting", "")).Remove, Is.False);
            Assert.That(Outcomes.Of(PassOver(new Gadget()), Result.Ready).Remove, Is.False);
        }
    }

    [Test]
    public void A_pass_that_throws_is_seen_and_has_observed_nothing()
    {
        var outcome = Outcomes.Failed(
            PassOver(new Gadget { Generation = 7 }),
            "The provider said no.\nStack: …",
            TimeSpan.FromSeconds(2)
        );

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.Failed, Is.True);
            Assert.That(outcome.ObservedGeneration, Is.Zero);
            Assert.That(outcome.RequeueAfter, Is.EqualTo(TimeSpan.FromSeconds(2)));
            Assert.That(outcome.Conditions[0].Reason, Is.EqualTo("ReconcileFailed"));
            Assert.That(outcome.Conditions[0].Message, Is.EqualTo("The provider said no."));
            Assert.That(outcome.Events[0].Type, Is.EqualTo(EventType.Warning));
        }
    }

    [Test]
    public void A_pass_cut_short_by_a_stop_is_taken_up_at_once_and_says_nothing_of_ready()
    {
        var outcome = Outcomes.HandedBack(PassOver(new Gadget { Generation = 7 }));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.RequeueAfter, Is.EqualTo(TimeSpan.Zero));
            Assert.That(outcome.ObservedGeneration, Is.Zero);
            Assert.That(outcome.Failed, Is.False);
            Assert.That(outcome.Conditions, Is.Empty);
        }
    }

    [Test]
    public void A_long_message_is_cut() =>
        Assert.That(Outcomes.Shorten(new string('x', 10_000)), Has.Length.EqualTo(501));

    private static Pass<Gadget> PassOver(Gadget gadget) => new(gadget, epoch: 1, (_, _) => Task.CompletedTask);
}
