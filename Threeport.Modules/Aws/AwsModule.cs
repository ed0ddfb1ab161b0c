using Microsoft.Extensions.DependencyInjection;
using Threeport.Modules.Aws.AwsAccounts;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeDefinitions;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws;

/// <summary>Accounts at Amazon Web Services, and clusters in them.</summary>
public sealed class AwsModule : IModule
{
    public string Name => "aws";

    public IReadOnlyList<ClusterProvider> ClusterProviders { get; } = [new EksProvider()];

    public void Configure(ModuleBuilder module)
    {
        module.Services.AddSingleton(AwsOptions.From(module.Configuration));
        module.Services.AddSingleton<AwsClients>();
        module.Kind<AwsAccount>().AtMostOne(static x => x.Spec.DefaultAccount);
        module.Kind<AwsEksKubernetesRuntimeDefinition>();
        module
            .Kind<AwsEksKubernetesRuntimeInstance>()
            .Watches<AwsEksKubernetesRuntimeDefinition>(static x => x.Spec.AwsEksKubernetesRuntimeDefinition)
            .Watches<AwsAccount>(static x => x.Status.AwsAccount);
    }
}
