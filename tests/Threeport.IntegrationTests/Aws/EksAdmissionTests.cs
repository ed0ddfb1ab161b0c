using Threeport.AwsServer;

namespace Threeport.IntegrationTests.Aws;

/// <summary>Whoever has the account's credentials by now gets into the clusters that were made with others.</summary>
public sealed class EksAdmissionTests
{
    /// <summary>Roles of single sign-on have a path, and a session's name does not tell it; nor is a role without its path one.</summary>
    [TestCase("/")]
    [TestCase("/aws-reserved/sso.amazonaws.com/")]
    public async Task A_session_is_let_in_as_its_role(string path)
    {
        await using var world = await EksWorld.StartAsync();
        await world.ReadyAsync();
        var role = await world.Clients.Iam.CreateRoleAsync(
            new()
            {
                RoleName = "operators",
                Path = path,
                AssumeRolePolicyDocument = """
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}]}
                """,
            }
        );

        await world.BecomeAsync($"arn:aws:sts::{AwsAccountOptions.Default.Id}:assumed-role/operators/me");
        await world.ReadyAsync();

        var entries = await world.Clients.Eks.ListAccessEntriesAsync(new() { ClusterName = EksWorld.Name });
        Assert.That(entries.AccessEntries, Does.Contain(role.Role!.Arn));
    }
}
