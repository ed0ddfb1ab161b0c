namespace Threeport.Runtime;

/// <summary>The kinds and reconcilers of one domain. What a module shows to others is this and its kinds, nothing else.</summary>
public interface IModule
{
    /// <summary>What it goes by in configuration (<c>--modules</c>), in discovery and as a caller: <c>workloads</c>.</summary>
    string Name { get; }

    /// <summary>Says what the module has: its kinds, and what its reconcilers are injected with.</summary>
    void Configure(ModuleBuilder module);

    /// <summary>Who makes clusters. Known to every process, also to one that does not run the module.</summary>
    IReadOnlyList<ClusterProvider> ClusterProviders => [];
}
