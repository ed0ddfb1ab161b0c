using Threeport.Installation;

namespace Threeport.Tests.Installation;

public sealed class ReleaseVersionTests
{
    [TestCase("0.2.0", "0.2.0")]
    [TestCase("v1.2.3", "1.2.3")]
    [TestCase("threeport 0.2.0\n", "0.2.0", Description = "as the program prints it")]
    [TestCase("0.2.0-rc.1+4f2a1c", "0.2.0-rc.1")]
    public void It_is_read_from_what_programs_say(string text, string version) =>
        Assert.That(ReleaseVersion.Find(text)?.ToString(), Is.EqualTo(version));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("latest")]
    [TestCase("0.2")]
    [TestCase("0.2.0.1")]
    [TestCase("0.2.0\n0.3.0")]
    [TestCase("999999.0.0")]
    public void What_is_none_is_not_taken_for_one(string? text) => Assert.That(ReleaseVersion.Find(text), Is.Null);

    [Test]
    public void They_are_ordered_as_semver_orders_them()
    {
        string[] ordered =
        [
            "0.1.9",
            "0.2.0-1",
            "0.2.0-alpha",
            "0.2.0-rc.2",
            "0.2.0-rc.10",
            "0.2.0-rc.10.1",
            "0.2.0",
            "0.2.1",
            "0.10.0",
            "1.0.0",
        ];
        var sorted = ordered.Reverse().Select(static v => ReleaseVersion.Find(v)!.Value).Order();
        Assert.That(sorted.Select(static v => v.ToString()), Is.EqualTo(ordered));
    }
}
