using Threeport.Host.Configuration;
using Threeport.Runtime;

namespace Threeport.Tests.Hosting;

public sealed class CommandLineTests
{
    [Test]
    public void Options_are_keys_of_the_configuration_in_either_spelling()
    {
        var values = CommandLine.Parse(["--roles", "api", "--data=/srv/threeport"]);

        Assert.That(values["Threeport:Roles"], Is.EqualTo("api"));
        Assert.That(values["Threeport:Data"], Is.EqualTo("/srv/threeport"));
    }

    [Test]
    public void An_option_given_twice_is_a_list() =>
        Assert.That(
            CommandLine.Parse(["--listen", "https://127.0.0.1:1", "--listen", "https://127.0.0.1:2"])[
                "Threeport:Listen"
            ],
            Is.EqualTo("https://127.0.0.1:1,https://127.0.0.1:2")
        );

    [TestCase("--rols", "Did you mean --roles?")]
    [TestCase("--zzzzzzzz", "See threeport --help.")]
    [TestCase("api", "There is no option api")]
    public void An_unknown_option_is_refused_by_name(string option, string message) =>
        Assert.That(
            () => CommandLine.Parse([option, "x"]),
            Throws.TypeOf<SettingsException>().With.Message.Contains(message)
        );

    [TestCase("--data")]
    [TestCase("--data", "--roles")]
    [TestCase("--data=")]
    public void An_option_without_its_value_is_refused(params string[] arguments) =>
        Assert.That(
            () => CommandLine.Parse(arguments),
            Throws.TypeOf<SettingsException>().With.Message.Contains("--data needs a value")
        );

    [Test]
    public void Help_names_every_option() =>
        Assert.That(CommandLine.Help, Does.Contain("--api-token-file FILE").And.Contain("--version"));
}
