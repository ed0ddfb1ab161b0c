using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests;

/// <summary>Stops what <see cref="Servers"/> started.</summary>
[SetUpFixture]
public sealed class ServersFixture
{
    [OneTimeTearDown]
    public Task StopAsync() => Servers.StopAsync();
}
