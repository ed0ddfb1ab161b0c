using Threeport.Modules.Aws;

namespace Threeport.IntegrationTests.Aws.Genesis;

/// <summary>What is asked about before, and given to the controllers, is what is called.</summary>
public sealed class CallsTests
{
    [Test]
    public async Task Every_call_that_a_cluster_takes_in_its_life_is_among_what_is_to_be_allowed()
    {
        await using var world = await EksWorld.StartAsync();
        await world.ReadyAsync();
        world.Define(
            new()
            {
                DefaultNodeGroupInstanceType = "t3.large",
                Tags = new Dictionary<string, string> { ["team"] = "shop" },
                EndpointAccess = "public",
            }
        );
        await world.ReadyAsync();
        world.Aws.Control.AddVolume(new(AwsAccountClients.Account, EksWorld.Region, EksWorld.Name));
        await world.GoneAsync();

        var allowed = Permissions
            .Everywhere.Concat(Permissions.OfRoles)
            .Concat(Permissions.OfAttaching)
            .Concat(Permissions.OfPassing);
        Assert.That(world.Made.Distinct().Except(allowed), Is.Empty);
        Assert.That(world.Made, Does.Contain("ec2:CreateVpc").And.Contain("iam:AttachRolePolicy"));
    }
}
