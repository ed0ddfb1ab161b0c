using Threeport.Installation;

namespace Threeport.Tests.Installation;

public sealed class VersionSkewTests
{
    [TestCase("0.1.0", "0.1.0", "0.1.0", "0.1.0", Description = "the same again")]
    [TestCase("0.1.0", "0.1.0", "0.1.7", "0.1.7")]
    [TestCase("0.1.0", "0.1.0", "0.2.0", "0.2.0")]
    [TestCase("0.1.0", null, "0.2.0", "0.3.0", Description = "qleetctl may be newer")]
    [TestCase(
        "0.1.0",
        "0.2.0",
        "0.2.0",
        "0.2.0",
        Description = "the database was prepared by an upgrade that did not end"
    )]
    [TestCase("0.2.0-rc.1", "0.2.0-rc.1", "0.2.0", "0.2.0")]
    [TestCase("0.9.4", "0.9.4", "1.0.0", "1.0.0")]
    public void These_go_together(string running, string? database, string target, string tool) =>
        Assert.That(Skew(running, database, target, tool).Obstacles(), Is.Empty);

    [TestCase("0.2.0", "0.2.0", "0.1.0", "0.2.0", "0.1.0 is older than 0.2.0, which runs")]
    [TestCase("0.2.0", "0.2.0", "0.2.0-rc.1", "0.2.0", "0.2.0-rc.1 is older than 0.2.0, which runs")]
    [TestCase("0.1.0", "0.2.0", "0.1.5", "0.2.0", "0.1.5 is older than 0.2.0, which prepared the database")]
    [TestCase("0.1.0", "0.1.0", "0.3.0", "0.3.0", "0.3.0 is more than one minor version after 0.1.0, which runs")]
    [TestCase("0.1.0", "0.1.0", "1.1.0", "1.1.0", "1.1.0 is more than one minor version after 0.1.0, which runs")]
    [TestCase("0.1.0", "0.1.0", "2.0.0", "2.0.0", "2.0.0 is more than one minor version after 0.1.0, which runs")]
    [TestCase("0.1.0", "0.1.0", "0.2.0", "0.1.9", "qleetctl is 0.1.9, and does not know what 0.2.0 needs")]
    public void These_do_not(string running, string database, string target, string tool, string why)
    {
        var obstacle = Skew(running, database, target, tool).Obstacles().Single();
        Assert.That(obstacle.Got, Is.EqualTo(why));
        Assert.That(obstacle.Next, Is.Not.Empty);
    }

    [Test]
    public void All_that_is_in_the_way_is_said_at_once() =>
        Assert.That(Skew("0.1.0", "0.1.0", "0.3.0", "0.1.0").Obstacles().Count(), Is.EqualTo(2));

    [TestCase("0.2.0", true, false)]
    [TestCase("0.3.0", true, false)]
    [TestCase(null, true, false, Description = "it never said")]
    [TestCase("0.1.0", true, true)]
    [TestCase("0.1.0", false, false, Description = "it follows when it is back")]
    public void An_agent_that_is_connected_is_not_left_two_behind(string? version, bool isConnected, bool isInTheWay)
    {
        var skew = Skew("0.2.0", "0.2.0", "0.3.0", "0.3.0") with { Agents = [new("paris", version, isConnected)] };
        Assert.That(
            skew.Obstacles().Select(static o => o.Got),
            isInTheWay ? Has.One.Contains("the agent of the runtime paris is 0.1.0") : Is.Empty
        );
    }

    [Test]
    public void Agents_that_do_not_follow_are_named()
    {
        var skew = Skew("0.1.0", "0.1.0", "0.2.0", "0.2.0") with
        {
            Agents =
            [
                new("follows", "0.1.0", IsConnected: true),
                new("away", "0.1.0", IsConnected: false),
                new("pinned", "0.1.0", IsConnected: true, Pinned: "example.com/agent:1"),
                new("external", "0.1.0", IsConnected: true, IsExternal: true),
            ],
        };
        Assert.That(
            skew.Warnings(),
            Is.EqualTo([
                "away: its agent is not connected; it follows when it is back",
                "pinned: its agent stays at example.com/agent:1, which the runtime insists on",
                "external: its agent is not installed by the control plane; bring it to 0.2.0 yourself",
            ])
        );
    }

    private static VersionSkew Skew(string running, string? database, string target, string tool) =>
        new()
        {
            Running = Version(running),
            Database = ReleaseVersion.Find(database),
            Target = Version(target),
            Tool = Version(tool),
        };

    private static ReleaseVersion Version(string text) => ReleaseVersion.Find(text)!.Value;
}
