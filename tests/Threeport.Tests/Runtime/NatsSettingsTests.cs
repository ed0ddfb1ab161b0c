using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.Core;
using Threeport.Runtime;

namespace Threeport.Tests.Runtime;

public sealed class NatsSettingsTests
{
    [Test]
    public void One_address_is_that()
    {
        var options = Options("nats://broker:4222");
        Assert.That((options.Url, options.AuthOpts.Username), Is.EqualTo(("nats://broker:4222", (string?)null)));
    }

    [Test]
    public void Of_several_any_may_be_asked_with_the_name_and_password_of_the_first()
    {
        var options = Options("tls://app:p%40ss%2C1@nats-0.nats:4222, tls://nats-1.nats:4222,tls://[::1]:4223");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(options.Url, Is.EqualTo("tls://nats-0.nats:4222,tls://nats-1.nats:4222,tls://[::1]:4223"));
            Assert.That((options.AuthOpts.Username, options.AuthOpts.Password), Is.EqualTo(("app", "p@ss,1")));
            Assert.That(options.Url, Does.Not.Contain("p%40ss"), "it is logged");
        }
    }

    [TestCase("")]
    [TestCase("broker:4222")]
    [TestCase("http://broker:4222")]
    [TestCase("nats://a:4222,")]
    [TestCase("nats://a:4222,b:4222")]
    public void Anything_else_is_refused_with_what_is_allowed(string text) =>
        Assert.That(
            () => Options(text),
            Throws.InvalidOperationException.With.Message.Contains("or several with commas: nats://host:4222")
        );

    private static NatsOpts Options(string nats)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Threeport:Nats", nats)]).Build();
        return NatsSettings.Options(configuration, new Node("test"), NullLoggerFactory.Instance);
    }
}
