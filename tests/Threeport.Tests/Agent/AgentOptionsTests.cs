using Threeport.Agent.Startup;

namespace Threeport.Tests.Agent;

public sealed class AgentOptionsTests
{
    private static readonly string[] Enough = ["--api", "https://api:8443", "--runtime", "local", "--token-file", "/t"];

    [Test]
    public void Arguments_win_over_the_environment()
    {
        var options = AgentOptions.Parse(
            [.. Enough, "--listen=8080"],
            static name =>
                name == "THREEPORT_RUNTIME" ? "other"
                : name == "THREEPORT_CA_FILE" ? "/ca"
                : null
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(options.Api, Is.EqualTo(new Uri("https://api:8443")));
            Assert.That(options.Runtime, Is.EqualTo("local"));
            Assert.That(options.CaFile, Is.EqualTo("/ca"));
            Assert.That(options.Listen, Is.EqualTo(8080));
        }
    }

    [TestCase("--api", "http://far.example.com", "--api http://far.example.com: must be https")]
    [TestCase("--api", "nonsense", "--api nonsense: must be https")]
    [TestCase("--runtime", "Not_A_Name", "--runtime Not_A_Name: must be a name")]
    [TestCase("--listen", "0", "--listen 0: must be a port")]
    [TestCase("--nonsense", "1", "--nonsense is not known")]
    public void What_makes_no_sense_is_named(string name, string value, string expected)
    {
        var exception = Assert.Throws<OptionException>(() =>
            AgentOptions.Parse([.. Enough, name, value], static _ => null)
        );
        Assert.That(exception!.Message, Does.StartWith(expected));
    }

    [Test]
    public void What_is_missing_is_named_with_its_variable()
    {
        var exception = Assert.Throws<OptionException>(() => AgentOptions.Parse([], static _ => null));
        Assert.That(exception!.Message, Is.EqualTo("--api is missing (or THREEPORT_API in the environment)"));
    }

    [Test]
    public void A_value_that_is_forgotten_is_named()
    {
        var exception = Assert.Throws<OptionException>(() => AgentOptions.Parse(["--api"], static _ => null));
        Assert.That(exception!.Message, Is.EqualTo("--api needs a value"));
    }
}
