using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests;

/// <summary>Stops what <see cref="Servers"/> started.</summary>
[SetUpFixture]
public sealed class ServersFixture
{
    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await Server.HttpApi.StopAsync();
        await Servers.StopAsync();
    }
}
