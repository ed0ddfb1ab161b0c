using Microsoft.Extensions.Configuration;
using Threeport.Host.Configuration;
using Threeport.Runtime;

namespace Threeport.Tests.Hosting;

public sealed class HostSettingsTests
{
    [Test]
    public void With_nothing_said_it_is_a_whole_control_plane_on_loopback()
    {
        var settings = From();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(settings.Roles, Is.EqualTo(["api", "controllers"]));
            Assert.That(settings.Modules, Is.EqualTo(Threeport.Host.Modules.All));
            Assert.That(settings.Listen, Is.EqualTo([new Uri("https://127.0.0.1:8443")]));
            Assert.That(Path.IsPathRooted(settings.Data));
        }
    }

    [TestCase("Roles", "api,worker", "there is no \"worker\". There are: api, controllers.")]
    [TestCase(
        "Modules",
        "workload",
        "there is no \"workload\". There are: aws, control-planes, kubernetes-runtimes, workloads"
    )]
    [TestCase("Listen", "http://0.0.0.0:80", "in clear over the network")]
    [TestCase("Listen", "127.0.0.1:80", "is no address to listen on")]
    [TestCase("Listen", "https://example.com:80", "is no address to listen on")]
    [TestCase("Listen", "https://127.0.0.1:80/path", "is no address to listen on")]
    [TestCase("Advertise", "not a name", "is no host name or address")]
    [TestCase("ApiUrl", "http://example.com", "is no https address")]
    [TestCase("Roles", "controllers", "needs --api-url")]
    public void What_is_wrong_is_named_with_what_is_allowed(string key, string value, string message) =>
        Assert.That(
            () => From(($"Threeport:{key}", value)),
            Throws.TypeOf<SettingsException>().With.Message.Contains(message)
        );

    [Test]
    public void Clear_text_is_allowed_on_loopback() =>
        Assert.That(
            From(("Threeport:Listen", "http://127.0.0.1:80, http://[::1]:80, http://localhost:80")).Listen,
            Has.Count.EqualTo(3)
        );

    [Test]
    public void Controllers_alone_need_the_api_and_no_database()
    {
        var settings = From(
            ("Threeport:Roles", "controllers"),
            ("Threeport:ApiUrl", "https://api:8443"),
            ("Threeport:ApiCa", "ca.crt"),
            ("Threeport:ApiTokenFile", "token"),
            ("Threeport:Nats", "nats://nats:4222")
        );

        Assert.That(settings.HasApi, Is.False);
        Assert.That(settings.ApiUrl, Is.EqualTo(new Uri("https://api:8443")));
    }

    [Test]
    public void The_environment_speaks_of_the_same_keys()
    {
        var values = EnvironmentVariables.Read(
            new System.Collections.Hashtable
            {
                ["THREEPORT_API_URL"] = "https://api",
                ["THREEPORT_CONCURRENCY__DEFAULT"] = "4",
                ["THREEPORT_DATA"] = "",
                ["PATH"] = "/bin",
            }
        );

        Assert.That(values.Keys, Is.EquivalentTo(["Threeport:APIURL", "Threeport:CONCURRENCY:DEFAULT"]));
    }

    private static HostSettings From(params (string Key, string Value)[] values) =>
        HostSettings.From(
            new ConfigurationBuilder()
                .AddInMemoryCollection(values.Select(static v => KeyValuePair.Create(v.Key, (string?)v.Value)))
                .Build(),
            Threeport.Host.Modules.All
        );
}
