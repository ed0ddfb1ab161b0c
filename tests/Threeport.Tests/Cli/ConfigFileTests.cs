using Threeport.Cli;
using Threeport.Cli.Configuration;

namespace Threeport.Tests.Cli;

public sealed class ConfigFileTests
{
    private string _path = null!;

    [SetUp]
    public void MakePath() =>
        _path = Path.Combine(Directory.CreateTempSubdirectory("threeport-config-").FullName, "sub", "config.yaml");

    [Test]
    public void What_is_saved_is_loaded_and_readable_by_its_owner_alone()
    {
        var file = ConfigFile.Load(_path);
        file.Set(
            new("local", "https://127.0.0.1:8443")
            {
                CaCertificate = "-----BEGIN-----\nabc\n-----END-----\n",
                Token = "secret",
            }
        );
        file.Current = "local";
        file.Save();
        var loaded = ConfigFile.Load(_path);
        Assert.That(loaded.Find(null), Is.EqualTo(file.ControlPlanes[0]));
        Assert.That(File.GetUnixFileMode(_path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(loaded.ToJson(secrets: false).ToJsonString(), Does.Not.Contain("secret"));
    }

    [Test]
    public void A_control_plane_that_is_not_there_is_told_with_what_was_meant()
    {
        var file = ConfigFile.Load(_path);
        file.Set(new("production", "https://x"));
        Assert.That(
            Assert.Throws<FailureException>(() => file.Find("prodution"))!.Message,
            Does.Contain("Did you mean \"production\"?")
        );
    }
}
