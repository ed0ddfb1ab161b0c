using Threeport.Installation;

namespace Threeport.Tests.Installation;

public sealed class InstallationPlanTests
{
    private static readonly InstallationPlan Good = new()
    {
        Name = "prod",
        Registry = "registry.example.com:5000/threeport",
        Tag = "1.2.3",
    };

    [Test]
    public void What_is_well_has_nothing_wrong() => Assert.That(Good.Check(), Is.Empty);

    [TestCase("a")]
    [TestCase("eu-west-1")]
    [TestCase("abcdefghijklmnopqrstuvwxyz1234")]
    public void A_name_is_a_short_label(string name) => Assert.That((Good with { Name = name }).Check(), Is.Empty);

    [TestCase("")]
    [TestCase("1st")]
    [TestCase("-a")]
    [TestCase("a-")]
    [TestCase("Prod")]
    [TestCase("a.b")]
    [TestCase("a_b")]
    [TestCase("prod\n")]
    [TestCase("abcdefghijklmnopqrstuvwxyz12345")]
    [TestCase("system", Description = "the namespace of agents, where nothing else is said")]
    [TestCase("prod-system", Description = "the namespace of the agents of prod")]
    public void Any_other_is_refused_with_what_is_allowed(string name) =>
        Assert.That(
            (Good with { Name = name }).Check().Single(),
            Does.StartWith($"--name \"{name}\": 1 to 30 lower-case letters")
        );

    [Test]
    public void No_two_names_share_a_namespace_or_their_agents()
    {
        string[] names = ["a", "b", "a-b", "system-a", "a-systems", "systems"];
        var namespaces = names.SelectMany(static n =>
            new[] { (Good with { Name = n }).Namespace, InstallationPlan.AgentOf(n).Namespace }
        );
        Assert.That(names.SelectMany(static n => (Good with { Name = n }).Check()), Is.Empty);
        Assert.That(namespaces, Is.Unique);
    }

    [Test]
    public void The_longest_name_leaves_room_for_that_of_the_agents() =>
        Assert.That(InstallationPlan.AgentOf(new('a', 30)).Role, Has.Length.LessThan(64));

    [TestCase("--size", "medium", "small or ha")]
    [TestCase("--expose", "ingress", "nodeport, loadbalancer or clusterip")]
    [TestCase("--image-registry", "Registry.example.com", "as in registry")]
    [TestCase("--image-registry", "registry.example.com/\n", "as in registry")]
    [TestCase("--image-registry", "a b", "as in registry")]
    [TestCase("--image-tag", "", "letters, digits")]
    [TestCase("--image-tag", "-1", "letters, digits")]
    [TestCase("--image-tag", "1\n", "letters, digits")]
    [TestCase("--image-tag", "1: 2", "letters, digits")]
    [TestCase("--storage", "10", "as in 10Gi")]
    [TestCase("--storage", "0Gi", "as in 10Gi")]
    [TestCase("--storage", "10GB", "as in 10Gi")]
    [TestCase("--storage", "-1Gi", "as in 10Gi")]
    [TestCase("--storage-class", "Fast", "the name of a storage class")]
    [TestCase("--storage-class", "a: b", "the name of a storage class")]
    [TestCase("--port", "0", "a port within")]
    [TestCase("--port", "65536", "a port within")]
    [TestCase("--endpoint", "http://threeport.example.com", "as in https")]
    [TestCase("--endpoint", "https://threeport.example.com/path", "as in https")]
    public void Each_option_says_what_is_allowed(string option, string value, string allowed)
    {
        var plan = option switch
        {
            "--size" => Good with { Size = value },
            "--expose" => Good with { Expose = value },
            "--image-registry" => Good with { Registry = value },
            "--image-tag" => Good with { Tag = value },
            "--storage" => Good with { DatabaseStorage = value },
            "--storage-class" => Good with { StorageClass = value },
            "--port" => Good with { Port = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) },
            _ => Good with { Endpoint = new(value) },
        };
        Assert.That(plan.Check().Single(), Does.StartWith($"{option} \"").And.Contain($"\": {allowed}"));
    }

    [Test]
    public void All_that_is_wrong_is_said_at_once() =>
        Assert.That((Good with { Name = "", Size = "", Tag = "" }).Check().Count(), Is.EqualTo(3));
}
