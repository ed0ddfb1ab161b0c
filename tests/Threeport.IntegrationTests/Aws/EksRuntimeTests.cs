using System.Text.RegularExpressions;
using Threeport.AwsServer;
using Threeport.IntegrationTests.EndToEnd;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.Aws;

/// <summary>Clusters at AWS the way that a user has them made, with the command line and the original's keys.</summary>
public sealed partial class EksRuntimeTests
{
    private const string Runtimes = "kubernetes-runtime-instances";
    private const string Clusters = "aws-eks-kubernetes-runtime-instances";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private const string Account = """
        AwsAccount:
          Name: default-account
          AccountID: 111122223333
          DefaultAccount: true
          DefaultRegion: us-east-1
          AccessKeyID: AKIAIOSFODNN7EXAMPLE
          SecretAccessKey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
        """;

    private const string SecondAccount = """
        AwsAccount:
          Name: second-account
          AccountID: 444455556666
          DefaultRegion: ap-northeast-1
          AccessKeyID: AKIAI44QH8DHBEXAMPLE
          SecretAccessKey: je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY
        """;

    [Test]
    public async Task A_runtime_by_the_keys_of_the_original_carries_a_workload_and_leaves_nothing_at_AWS()
    {
        await using var plane = await EksControlPlane.StartAsync(["eks-remote"]);
        var runtime = await plane.FileAsync("runtime.yaml", Runtime("eks-remote", "NorthAmerica:NewYork"));
        await plane.CliAsync("create", "aws-account", "-c", await plane.FileAsync("account.yaml", Account));
        await plane.CliAsync("create", "kubernetes-runtime", "-c", runtime);
        var progress = await Eventually.ValueAsync(
            "the progress is shown",
            async () => Progress().Match(await plane.CliAsync("get", Runtimes)) is { Success: true } m ? m.Value : null,
            Patience
        );
        await plane.IsAsync($"{Runtimes}/eks-remote", "Ready", Patience);
        await CarriesAsync(plane, "eks-remote");
        var tree = await plane.CliAsync("tree", "kubernetes-runtime-instance", "eks-remote");
        TestContext.Out.WriteLine($"while it was made: {progress}\n{tree}");

        await using var cli = AwsCli.Start(plane.Aws, AwsAccountOptions.Default.AccessKeys[0], "us-east-1");
        var (inRegion, inAccount) = AwsListing.Of((await plane.FindAsync($"{Clusters}/eks-remote"))!);
        Assert.That(await AwsListing.RegionAsync(cli), Is.EquivalentTo(inRegion));
        Assert.That(await AwsListing.AccountAsync(cli), Is.EquivalentTo(inAccount));
        TestContext.Out.WriteLine($"awscli lists the {inRegion.Count + inAccount.Count} things that the status lists");

        await plane.CliAsync("delete", "workload-instance", "shop-eks-remote");
        await plane.GoneAsync("workload-instances/shop-eks-remote", Patience);
        await plane.CliAsync("delete", "kubernetes-runtime", "-c", runtime);
        await plane.GoneAsync($"{Runtimes}/eks-remote", Patience);
        Assert.That(await AwsListing.RegionAsync(cli), Is.Empty);
        Assert.That(await AwsListing.AccountAsync(cli), Is.Empty);
        Assert.That(plane.Aws.Control.Resources, Is.Empty);
    }

    [Test]
    public async Task Three_in_three_regions_and_two_accounts_are_made_at_once_and_go_at_once()
    {
        (string Name, string Location, string Account, string Region)[] all =
        [
            ("one", "NorthAmerica:NewYork", "default-account", "us-east-1"),
            ("two", "Europe:Paris", "default-account", "eu-west-3"),
            ("three", "Asia:Tokyo", "second-account", "ap-northeast-1"),
        ];
        await using var plane = await EksControlPlane.StartAsync([.. all.Select(static r => r.Name)]);
        await plane.CliAsync("create", "aws-account", "-c", await plane.FileAsync("account.yaml", Account));
        await plane.CliAsync("create", "aws-account", "-c", await plane.FileAsync("second.yaml", SecondAccount));
        foreach (var (name, location, account, _) in all)
        {
            var file = await plane.FileAsync($"{name}.yaml", Runtime(name, location, account));
            await plane.CliAsync("create", "kubernetes-runtime", "-c", file);
        }

        await Task.WhenAll(all.Select(r => plane.IsAsync($"{Runtimes}/{r.Name}", "Ready", Patience)));
        foreach (var (name, _, account, region) in all)
        {
            await CarriesAsync(plane, name);
            await using var cli = AwsCli.Start(plane.Aws, KeyOf(account), region);
            var (inRegion, inAccount) = AwsListing.Of((await plane.FindAsync($"{Clusters}/{name}"))!);
            Assert.That(await AwsListing.RegionAsync(cli), Is.EquivalentTo(inRegion));
            Assert.That(await AwsListing.AccountAsync(cli), Is.SupersetOf(inAccount));
            TestContext.Out.WriteLine(
                $"{name}: {inRegion.Count} things in {account}, {region}, {inAccount.Count} of IAM"
            );
        }

        await Task.WhenAll(
            all.Select(async r =>
            {
                await plane.CliAsync("delete", "workload-instance", $"shop-{r.Name}");
                await plane.GoneAsync($"workload-instances/shop-{r.Name}", Patience);
                await plane.CliAsync("delete", "kubernetes-runtime-instance", r.Name);
                await plane.GoneAsync($"{Runtimes}/{r.Name}", Patience);
            })
        );
        foreach (var (_, _, account, region) in all)
        {
            await using var cli = AwsCli.Start(plane.Aws, KeyOf(account), region);
            Assert.That(await AwsListing.RegionAsync(cli), Is.Empty);
            Assert.That(await AwsListing.AccountAsync(cli), Is.Empty);
        }
    }

    /// <summary>Its agent is installed and connected, and a Deployment on it is Healthy.</summary>
    private static async Task CarriesAsync(EksControlPlane plane, string runtime)
    {
        using var cluster = new ClusterClient(Kubeconfig.Parse(plane.Clusters[runtime].Kubeconfig));
        var deployments = await cluster.FindResourceAsync("apps/v1", "Deployment", CancellationToken.None);
        Assert.That(await cluster.CountAsync(deployments!, CancellationToken.None), Is.EqualTo(1), "the agent's");
        await plane.RunAgentAsync(runtime);
        await plane.FileAsync("manifest.yaml", Manifest);
        var workload = await plane.FileAsync(
            $"shop-{runtime}.yaml",
            $$"""
            Workload:
              Name: shop-{{runtime}}
              YAMLDocument: manifest.yaml
              KubernetesRuntimeInstance:
                Name: {{runtime}}
            """
        );
        await plane.CliAsync("create", "workload", "-c", workload);
        using var nodes = new MadeUpNodes(plane.Clusters[runtime]);
        await Eventually.TrueAsync(
            $"a workload is healthy on {runtime}",
            async () =>
            {
                await nodes.RunAsync();
                return WholeControlPlane.Reason(await plane.FindAsync($"workload-instances/shop-{runtime}"))
                    == "Healthy";
            },
            Patience
        );
    }

    private static AwsAccessKey KeyOf(string account) =>
        (account == "second-account" ? EksControlPlane.Second : AwsAccountOptions.Default).AccessKeys[0];

    private static string Runtime(string name, string location, string account = "default-account") =>
        $$"""
            KubernetesRuntime:
              Name: {{name}}
              InfraProvider: eks
              InfraProviderAccountName: {{account}}
              HighAvailability: false
              Location: {{location}}
              DefaultRuntime: false
            """;

    private const string Manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: localhost/web:1}]}
        """;

    [GeneratedRegex(@"\d+/21 \w+[^\n]*")]
    private static partial Regex Progress();
}
