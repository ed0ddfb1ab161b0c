using Threeport.Cli;

namespace Threeport.Tests.Cli;

public sealed class KindIndexTests
{
    [TestCase("workload-instances")]
    [TestCase("workloadinstance")]
    [TestCase("WorkloadInstances")]
    [TestCase("wi")]
    [TestCase("workload")]
    [TestCase("workloads")]
    public void Every_spelling_finds_the_kind(string typed) =>
        Assert.That(RealKinds.Index.Find(typed)!.Plural, Is.EqualTo("workload-instances"));

    [Test]
    public void The_word_of_a_pair_means_both()
    {
        var pair = RealKinds.Index.Pair("workload");
        Assert.That(
            (pair!.Value.Definition.Singular, pair.Value.Instance.Singular),
            Is.EqualTo(("workload-definition", "workload-instance"))
        );
        Assert.That(RealKinds.Index.Pair("wi"), Is.Null);
    }

    [Test]
    public void What_was_mistyped_is_guessed() =>
        Assert.That(
            Assert.Throws<FailureException>(() => RealKinds.Index.Require("workload-instnces"))!.Message,
            Does.Contain("Did you mean \"workload-instances\"?")
        );
}
