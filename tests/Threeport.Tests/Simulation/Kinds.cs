using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Threeport.Runtime;
using Threeport.Server.Storage;

namespace Threeport.Tests.Simulation;

/// <summary>What does not change from run to run.</summary>
internal static class Kinds
{
    private static readonly ServiceCollection Services = [];

    public static KindCatalog Catalog { get; } = MakeCatalog();

    public static KindStores Stores { get; } = new(Catalog);

    public static JsonSerializerOptions Json { get; } = ResourceJson.Create(strict: false);

    /// <summary>For validators and admissions; nothing in it lives longer than a request.</summary>
    public static IServiceScopeFactory Scopes { get; } =
        Services.AddScoped<CallerContext>().BuildServiceProvider().GetRequiredService<IServiceScopeFactory>();

    private static KindCatalog MakeCatalog()
    {
        var module = new MachineModule();
        var builder = new ModuleBuilder(module, Services, new ConfigurationBuilder().Build(), []);
        module.Configure(builder);
        return new(builder.Kinds);
    }
}
