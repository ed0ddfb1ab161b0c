using Threeport.Runtime;

namespace Threeport.Tests.Runtime;

public sealed class BackoffTests
{
    [TestCase(0, 1)]
    [TestCase(1, 2)]
    [TestCase(4, 16)]
    [TestCase(8, 256)]
    [TestCase(9, 300)]
    [TestCase(1_000_000, 300)]
    public void It_doubles_from_one_second_to_five_minutes(int failures, int seconds) =>
        Assert.That(Backoff.After(failures, random: 0.5), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase(0.0, 0.8)]
    [TestCase(1.0, 1.2)]
    public void It_is_a_fifth_more_or_less(double random, double seconds) =>
        Assert.That(Backoff.After(0, random).TotalSeconds, Is.EqualTo(seconds).Within(1e-9));
}
