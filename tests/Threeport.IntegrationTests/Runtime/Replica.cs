using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Threeport.Api;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Runtime;
using Threeport.Server;
using Threeport.Server.Resources;

namespace Threeport.IntegrationTests.Runtime;

/// <summary>A process with both roles and the gadgets, without HTTP. Several may share a database and a broker.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private static readonly Caller Admin = new("tester", "admin");
    private readonly IHost _host;

    private Replica(string database, string nats, string keyRing, GadgetScript script)
    {
        Script = script;
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true }
        );
        builder.Configuration.AddInMemoryCollection([
            new("ConnectionStrings:threeport", database),
            new("Threeport:Nats", nats),
            new("Threeport:KeyRing", keyRing),
            new("Threeport:Concurrency:gadgets", "4"),
        ]);
        builder.Services.AddThreeportRuntime(builder.Configuration, [new GadgetsModule(script)]);
        builder.Services.AddThreeportServer(builder.Configuration);
        builder.Services.AddThreeportControllers(builder.Configuration);
        _host = builder.Build();
    }

    public GadgetScript Script { get; }

    public static async Task<Replica> StartAsync(
        string database,
        NatsServer nats,
        string folder,
        GadgetScript? script = null
    )
    {
        var replica = new Replica(database, nats.Url, Path.Combine(folder, "keys.json"), script ?? new());
        await replica.Get<IMigration>().ApplyAsync(CancellationToken.None);
        await replica._host.StartAsync();
        return replica;
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public async Task<Gadget> PutAsync(string name, object? spec = null)
    {
        var body = new JsonObject { ["spec"] = System.Text.Json.JsonSerializer.SerializeToNode(spec ?? new { }) };
        return (Gadget)(await WriteAsync(WriteVerb.Put, name, body)).Resource;
    }

    public Task DeleteAsync(string name) => WriteAsync(WriteVerb.Delete, name, body: null);

    public async Task<Gadget?> FindAsync(string name) =>
        (Gadget?)await Get<ResourceApi>().FindAsync(Admin, Kind, name, CancellationToken.None);

    public Task<IReadOnlyList<ResourceEvent>> EventsAsync(string name) =>
        Get<ResourceApi>().EventsAsync(Admin, Kind, name, CancellationToken.None);

    /// <summary>Waits until the gadget is as said.</summary>
    public async Task<Gadget> UntilAsync(string name, Func<Gadget, bool> condition, TimeSpan? within = null)
    {
        Gadget? last = null;
        try
        {
            return await Eventually.ValueAsync(
                $"{name} is as wanted",
                async () => (last = await FindAsync(name)) is { } found && condition(found) ? found : null,
                within
            );
        }
        catch (AssertionException) when (last is not null)
        {
            throw new AssertionException(
                $"{name} is {last.Ready}, generation {last.ObservedGeneration} of {last.Generation}, after {Script.Count(name)} passes."
            );
        }
    }

    public Task<Gadget> ReadyAsync(string name, TimeSpan? within = null) =>
        UntilAsync(name, static g => g.IsReady, within);

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private KindDescriptor Kind => Get<KindCatalog>().Find(Gadget.Plural)!;

    private async Task<WriteResult> WriteAsync(WriteVerb verb, string name, JsonObject? body) =>
        (
            await Get<ResourceApi>()
                .WriteAsync(Admin, [new WriteRequest(Kind, verb, name, body)], dryRun: false, CancellationToken.None)
        )[0];
}
