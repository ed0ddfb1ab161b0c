using Microsoft.Extensions.DependencyInjection;
using Threeport.Modules.Aws.AwsAccounts;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeDefinitions;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Calls;
using Threeport.Modules.Aws.Commands;

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

    /// <summary>
    /// <c>threeport aws …</c>: what somebody on his own machine asks of AWS before there is a control plane, with his own credentials. The
    /// command line asks this program, which has the SDK, so that it needs none itself.
    /// </summary>
    /// <param name="arguments">What comes behind <c>aws</c>.</param>
    /// <param name="output">Where the answer goes, as JSON.</param>
    /// <param name="error">Where is said what is wrong.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code: 0 done, 1 it is not as it has to be, 2 wrong usage.</returns>
    public static Task<int> RunCommandAsync(
        IReadOnlyList<string> arguments,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken
    ) => AwsCommand.RunAsync(arguments, output, error, cancellationToken);
}
