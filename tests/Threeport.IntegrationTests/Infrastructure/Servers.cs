namespace Threeport.IntegrationTests.Infrastructure;

/// <summary>The servers that all fixtures of a run share; each is started when the first asks for it.</summary>
internal static class Servers
{
    private static readonly Lazy<Task<PostgresServer>> Postgres = new(PostgresServer.StartAsync);
    private static readonly Lazy<Task<NatsServer>> Nats = new(NatsServer.StartAsync);
    private static readonly Lazy<Task<KubernetesServer>> Kubernetes = new(KubernetesServer.StartAsync);

    public static Task<PostgresServer> PostgresAsync() => Postgres.Value;

    public static Task<NatsServer> NatsAsync() => Nats.Value;

    public static Task<KubernetesServer> KubernetesAsync() => Kubernetes.Value;

    public static async Task StopAsync()
    {
        await StopAsync(Postgres);
        await StopAsync(Nats);
        await StopAsync(Kubernetes);
    }

    private static async Task StopAsync<T>(Lazy<Task<T>> server)
        where T : IAsyncDisposable
    {
        // One that did not start has nothing to stop, and has been reported by the tests that needed it.
        if (server is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } started })
        {
            await (await started).DisposeAsync();
        }
    }
}
