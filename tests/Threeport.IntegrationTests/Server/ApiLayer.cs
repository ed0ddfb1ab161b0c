using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Threeport.Api;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Modules.KubernetesRuntimes;
using Threeport.Modules.Workloads;
using Threeport.Runtime;
using Threeport.Server;
using Threeport.Server.Resources;
using Threeport.Server.Storage;

namespace Threeport.IntegrationTests.Server;

/// <summary>The API layer without its HTTP transport, on a database of its own and real NATS.</summary>
internal sealed class ApiLayer : IAsyncDisposable
{
    public static readonly Caller Admin = new("tester", "admin");

    /// <summary>Of all in this process: those that share a database have to share this.</summary>
    private static readonly string SharedKeyRing = MakeKeyRing();
    private readonly IHost _host;

    private ApiLayer(
        IReadOnlyDictionary<string, string?> configuration,
        KeyTiming timing,
        IReadOnlyList<IModule> modules
    )
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true }
        );
        builder.Configuration["Threeport:KeyRing"] = SharedKeyRing;
        builder.Configuration.AddInMemoryCollection(configuration.Where(static c => c.Value is not null));
        builder.Services.AddSingleton(timing);
        builder.Services.AddThreeportRuntime(builder.Configuration, modules);
        builder.Services.AddThreeportServer(builder.Configuration);
        _host = builder.Build();
    }

    public ResourceApi Api => Get<ResourceApi>();

    public PrimaryDatabase Database => Get<PrimaryDatabase>();

    /// <summary>With its password, which the data source does not tell.</summary>
    public string Connection => Get<IConfiguration>()["ConnectionStrings:threeport"]!;

    public static async Task<ApiLayer> StartAsync(
        NatsServer? nats = null,
        string? connection = null,
        string? node = null,
        string? owner = null,
        string? keyRing = null,
        KeyTiming? timing = null
    )
    {
        nats ??= await Servers.NatsAsync();
        connection ??= await (await Servers.PostgresAsync()).CreateDatabaseAsync();
        var layer = new ApiLayer(
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:threeport"] = connection,
                ["ConnectionStrings:threeport-owner"] = owner,
                ["Threeport:Nats"] = nats.Url,
                ["Threeport:Node"] = node,
                ["Threeport:KeyRing"] = keyRing,
            },
            timing ?? new(),
            [new KubernetesRuntimesModule(), new WorkloadsModule(), new SampleModule()]
        );
        await layer.Get<IMigration>().ApplyAsync(CancellationToken.None);
        await layer._host.StartAsync();
        return layer;
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public KindDescriptor Kind(string plural) => Get<KindCatalog>().Find(plural)!;

    public async Task<WriteResult> WriteAsync(
        WriteVerb verb,
        string plural,
        string name,
        object? spec = null,
        long? ifMatch = null,
        bool dryRun = false
    )
    {
        var body = spec is null
            ? null
            : new JsonObject { ["spec"] = System.Text.Json.JsonSerializer.SerializeToNode(spec) };
        var request = new WriteRequest(Kind(plural), verb, name, body, ifMatch);
        return (await Api.WriteAsync(Admin, [request], dryRun, CancellationToken.None))[0];
    }

    public Task<WriteResult> SampleAsync(string name, object? spec = null) =>
        WriteAsync(WriteVerb.Create, Sample.Plural, name, spec ?? new { size = 1 });

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static string MakeKeyRing()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("threeport-api-").FullName, "keys.json");
        KeyRing.Open(file);
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}

/// <summary>Kinds that the tests of the API layer write, and nobody reconciles but they.</summary>
public sealed class SampleModule : IModule
{
    public string Name => "samples";

    public void Configure(ModuleBuilder module)
    {
        module.Kind<Sample>().AtMostOne(static x => x.Spec.Only);
        module.Kind<SamplePart>().WithoutHistory();
        module.Kind<PlainSample>();
    }
}

[Summary("Has a reconciler.")]
public sealed class Sample : Resource<SampleSpec, SampleStatus>, IKind
{
    public static string Plural => "samples";

    public static string Singular => "sample";
}

public sealed record SampleSpec
{
    public int Size { get; init; }

    public bool Only { get; init; }

    [Immutable]
    public string Fixed { get; init; } = "";

    [Sensitive]
    public string? Secret { get; init; }

    [Reference(typeof(PlainSample))]
    public string? Plain { get; init; }
}

public sealed record SampleStatus
{
    public string? Seen { get; set; }
}

[Summary("Belongs to a sample.")]
public sealed class SamplePart : Resource<SamplePartSpec, NoStatus>, IKind
{
    public static string Plural => "sample-parts";

    public static string Singular => "sample-part";
}

public sealed record SamplePartSpec
{
    [Reference(typeof(Sample), Owner = true)]
    public string Sample { get; init; } = "";
}

[Summary("Has none.")]
public sealed class PlainSample : Resource<PlainSampleSpec, NoStatus>, IKind
{
    public static string Plural => "plain-samples";

    public static string Singular => "plain-sample";
}

public sealed record PlainSampleSpec
{
    public string Text { get; init; } = "";
}

/// <summary>Never run: it only makes the kind one that is reconciled.</summary>
internal sealed class SampleReconciler : IReconciler<Sample>
{
    public ValueTask<Result> ReconcileAsync(Pass<Sample> pass, CancellationToken cancellationToken) =>
        new(Result.Ready);
}
