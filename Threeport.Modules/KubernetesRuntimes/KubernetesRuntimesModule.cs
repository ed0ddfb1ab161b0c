using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Threeport.Kubernetes;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeDefinitions;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeObservations;

namespace Threeport.Modules.KubernetesRuntimes;

/// <summary>Kubernetes clusters that workloads are placed on.</summary>
public sealed class KubernetesRuntimesModule : IModule
{
    public string Name => "kubernetes-runtimes";

    public void Configure(ModuleBuilder module)
    {
        module.Services.TryAddSingleton(ClusterPolicy.Of(module.Configuration[ClusterPolicy.LoopbackSetting]));
        module.Services.TryAddSingleton<ClusterPool>();
        module.Services.TryAddSingleton(AgentScope.Of(module.Configuration[AgentScope.Setting]));
        module.Services.AddScoped<AgentInstaller>();
        module.Services.AddScoped<ProvidedClusters>();
        // Bound when first asked for: the host decides some of it only once it knows where it listens.
        module.Services.AddSingleton(static services => Installation(services.GetRequiredService<IConfiguration>()));
        var providers = new InfraProviders(module.ClusterProviders);
        module.Services.AddSingleton(providers);
        module.Kind<KubernetesRuntimeDefinition>().Describes(static x => x.Spec.InfraProvider, providers.Summary);
        var runtimes = module
            .Kind<KubernetesRuntimeInstance>()
            .AtMostOne(x => x.Spec.DefaultRuntime)
            .Watches<KubernetesRuntimeDefinition>(static x => x.Spec.KubernetesRuntimeDefinition)
            .Watches<KubernetesRuntimeObservation>(static x => x.Name);
        foreach (var provider in module.ClusterProviders)
        {
            provider.WatchedBy(runtimes);
        }

        module.Kind<KubernetesRuntimeObservation>().WithoutHistory();
    }

    /// <summary>What is not said of agents follows from where the API layer is.</summary>
    private static AgentInstallation Installation(IConfiguration configuration)
    {
        var installation =
            configuration.GetSection(AgentInstallation.Section).Get<AgentInstallation>() ?? new AgentInstallation();
        installation.Endpoint ??= configuration["Threeport:ApiUrl"] ?? FirstOf(configuration["Threeport:Listen"]);
        installation.CaFile ??= configuration["Threeport:ApiCa"] ?? configuration["Threeport:CaCertificate"];
        return installation;
    }

    private static string? FirstOf(string? list) =>
        list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
}
