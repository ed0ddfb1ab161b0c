using System.Reflection;
using FluentValidation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>What a module is configured with.</summary>
public sealed class ModuleBuilder
{
    private readonly List<KindDescriptor> _kinds = [];

    internal ModuleBuilder(
        IModule module,
        IServiceCollection services,
        IConfiguration configuration,
        IReadOnlyList<ClusterProvider> clusterProviders
    )
    {
        Name = module.Name;
        ClusterProviders = clusterProviders;
        Services = services;
        Configuration = configuration;
        Assembly = module.GetType().Assembly;
        // A validator looks at nothing but the resource, and its rules cost more to make than to check: one for all requests.
        Scan(typeof(IValidator<>), ServiceLifetime.Singleton);
        Scan(typeof(IAdmission<>), ServiceLifetime.Scoped);
    }

    /// <summary>The module's name.</summary>
    public string Name { get; }

    /// <summary>For what the module's reconcilers are injected with.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The process's configuration; a module's own stands under <c>Threeport:&lt;module&gt;</c>.</summary>
    public IConfiguration Configuration { get; }

    /// <summary>Those that any module of the control plane declares.</summary>
    public IReadOnlyList<ClusterProvider> ClusterProviders { get; }

    internal Assembly Assembly { get; }

    internal IReadOnlyList<KindDescriptor> Kinds => _kinds;

    /// <summary>Adds a kind: its table, routes, subjects, discovery, commands, and its reconciler if the assembly has one.</summary>
    public KindBuilder<T> Kind<T>()
        where T : Resource, IKind
    {
        var kind = KindDescriptor.For<T>(Name);
        _kinds.Add(kind);
        return new KindBuilder<T>(kind, Services).ScanFor(Assembly);
    }

    private void Scan(Type open, ServiceLifetime lifetime) =>
        Services.Scan(scan =>
            scan.FromAssemblies(Assembly)
                .AddClasses(classes => classes.AssignableTo(open), publicOnly: false)
                .AsImplementedInterfaces(i => i.IsGenericType && i.GetGenericTypeDefinition() == open)
                .WithLifetime(lifetime)
        );
}
