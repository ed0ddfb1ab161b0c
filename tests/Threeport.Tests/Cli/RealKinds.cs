using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Threeport.Cli.Kinds;
using Threeport.Runtime;
using Threeport.Server.Discovery;

namespace Threeport.Tests.Cli;

/// <summary>What the control plane says of its kinds, as the CLI reads it.</summary>
internal static class RealKinds
{
    public static KindIndex Index { get; } =
        new((JsonArray)JsonSerializer.SerializeToNode(Describe(), ResourceJson.Wire)!);

    private static IReadOnlyList<Api.KindDescription> Describe()
    {
        var providers = Host.Modules.All.SelectMany(static m => m.ClusterProviders).ToList();
        var kinds = Host.Modules.All.SelectMany(module =>
        {
            var builder = new ModuleBuilder(
                module,
                new ServiceCollection(),
                new ConfigurationBuilder().Build(),
                providers
            );
            module.Configure(builder);
            return builder.Kinds;
        });
        return new KindDescriptions(new(kinds)).All;
    }
}
