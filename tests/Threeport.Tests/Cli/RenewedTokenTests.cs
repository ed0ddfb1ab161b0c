using System.Text.Json.Nodes;
using Threeport.Cli.Clusters;

namespace Threeport.Tests.Cli;

public sealed class RenewedTokenTests
{
    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("tp-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(14, "first")]
    [TestCase(1, "second")]
    public async Task A_token_is_asked_for_again_shortly_before_it_ends(int minutes, string expected)
    {
        var program = Path.Combine(_folder, "credentials");
        await File.WriteAllTextAsync(
            program,
            """
            #!/bin/sh
            echo '{"kind": "ExecCredential", "status": {"token": "second", "expirationTimestamp": "2999-01-01T00:00:00Z"}}'
            """
        );
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var exec = new JsonObject { ["apiVersion"] = "client.authentication.k8s.io/v1", ["command"] = "./credentials" };
        var ends = TimeProvider.System.GetUtcNow().AddMinutes(minutes);
        var token = new RenewedToken(exec, Path.Combine(_folder, "kubeconfig"), "first", ends);
        Assert.That(await token.GetAsync(CancellationToken.None), Is.EqualTo(expected));
        Assert.That(await token.GetAsync(CancellationToken.None), Is.EqualTo(expected));
    }
}
