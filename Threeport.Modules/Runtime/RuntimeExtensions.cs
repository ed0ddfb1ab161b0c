using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Net;

namespace Threeport.Runtime;

/// <summary>Registers what every role needs, and what the role <c>controllers</c> adds.</summary>
public static class RuntimeExtensions
{
    /// <summary>The modules' kinds and reconcilers, the broker, the clock, and who this process is.</summary>
    /// <param name="services">The process's services.</param>
    /// <param name="configuration">
    /// <c>Threeport:Nats</c> (the broker's address, read when it is first used), <c>Threeport:Node</c>.
    /// </param>
    /// <param name="modules">Those that are loaded.</param>
    /// <param name="known">Those that may be loaded elsewhere, too: what they declare is known here. The same when null.</param>
    public static IServiceCollection AddThreeportRuntime(
        this IServiceCollection services,
        IConfiguration configuration,
        IReadOnlyList<IModule> modules,
        IReadOnlyList<IModule>? known = null
    )
    {
        IReadOnlyList<ClusterProvider> providers = [.. (known ?? modules).SelectMany(static m => m.ClusterProviders)];
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton(configuration);
        services.TryAddSingleton(_ => new Node(configuration["Threeport:Node"] ?? $"{Guid.CreateVersion7():N}"));
        services.AddScoped<CallerContext>();
        services.AddSingleton(
            new KindCatalog(modules.SelectMany(m => KindsOf(new(m, services, configuration, providers), m)).ToList())
        );
        services.AddSingleton(p => new NatsConnection(
            NatsSettings.Options(configuration, p.GetRequiredService<Node>(), p.GetRequiredService<ILoggerFactory>())
        ));
        services.AddSingleton<INatsConnection>(static p => p.GetRequiredService<NatsConnection>());
        services.AddSingleton(static p => p.GetRequiredService<INatsConnection>().CreateJetStreamContext());
        services.AddSingleton<BrokerRequests>();
        services.AddSingleton<Streams>();
        return services;
    }

    /// <summary>The role <c>controllers</c>. Needs an <see cref="Api.IResources"/> and an <see cref="IPasses"/>: the API layer's own, or those over HTTPS.</summary>
    /// <param name="services">The process's services, the runtime's among them.</param>
    /// <param name="configuration">What <c>Threeport:Concurrency</c> and <c>Threeport:PassTimeout</c> are in.</param>
    /// <exception cref="SettingsException">One of the settings is wrong.</exception>
    public static IServiceCollection AddThreeportControllers(
        this IServiceCollection services,
        IConfiguration configuration
    )
    {
        var options = new ControllerOptions(configuration);
        foreach (var kind in KindsIn(services).Kinds)
        {
            // What is configured wrongly is said before anything starts.
            options.Workers(kind.Plural);
        }

        services.AddSingleton(options);
        services.AddTransient<IMessageConsumer, DurableConsumer>();
        services.AddSingleton<IWakeups, Wakeups>();
        services.AddHostedService<ControllerHost>();
        return services;
    }

    /// <summary>The kinds that <see cref="AddThreeportRuntime"/> registered.</summary>
    /// <exception cref="InvalidOperationException">It has not been called.</exception>
    public static KindCatalog KindsIn(IServiceCollection services) =>
        (KindCatalog?)services.LastOrDefault(static s => s.ServiceType == typeof(KindCatalog))?.ImplementationInstance
        ?? throw new InvalidOperationException("Add the runtime first.");

    private static IReadOnlyList<KindDescriptor> KindsOf(ModuleBuilder builder, IModule module)
    {
        module.Configure(builder);
        return builder.Kinds;
    }
}
