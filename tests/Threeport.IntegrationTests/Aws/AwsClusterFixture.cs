using System.Security.Cryptography.X509Certificates;
using Amazon.EC2;
using Threeport.AwsServer;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.Aws;

/// <summary>A network and a role, for clusters that a real API server answers for.</summary>
public abstract class AwsClusterFixture
{
    private protected const string Worker = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy";

    private const string Trust =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["eks.amazonaws.com","ec2.amazonaws.com","pods.eks.amazonaws.com"]},"Action":"sts:AssumeRole"}]}""";

    private protected static string Role => $"arn:aws:iam::{AwsAccountClients.Account}:role/cluster";

    private protected AwsEndpoint Aws { get; private set; } = null!;

    private protected AmazonEC2Client Ec2 { get; private set; } = null!;

    private protected AwsCli Cli { get; private set; } = null!;

    private protected string[] Subnets { get; private set; } = null!;

    [SetUp]
    public async Task StartAsync()
    {
        var kubernetes = Kubeconfig.Parse((await Servers.KubernetesAsync()).Kubeconfig);
        var certificate = kubernetes is { Certificate: { } pem, CertificateKey: { } key }
            ? X509Certificate2.CreateFromPem(pem, key)
            : null;
        var backend = new ClusterBackend(kubernetes.Server, kubernetes.CaCertificate, kubernetes.Token, certificate);
        Aws = await AwsEndpoint.StartAsync(new() { Clusters = _ => backend });
        Ec2 = Aws.Ec2();
        Cli = AwsCli.Start(Aws, AwsAccountClients.Key, AwsAccountClients.Region);
        await CreateNetworkAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await Cli.DisposeAsync();
        Ec2.Dispose();
        await Aws.DisposeAsync();
    }

    private protected async Task CreateRoleAsync()
    {
        await Cli.RunAsync("iam", "create-role", "--role-name", "cluster", "--assume-role-policy-document", Trust);
        await Cli.RunAsync("iam", "attach-role-policy", "--role-name", "cluster", "--policy-arn", Worker);
    }

    private protected string[] ClusterCommand() =>
        [
            "eks",
            "create-cluster",
            "--name",
            "one",
            "--role-arn",
            Role,
            "--resources-vpc-config",
            $"subnetIds={string.Join(',', Subnets)}",
            "--tags",
            "owner=a/b+c d",
        ];

    private protected async Task CreateClusterAsync()
    {
        var made = (await Cli.RunAsync(ClusterCommand()))["cluster"]!;
        Assert.That((string?)made["status"], Is.EqualTo("CREATING"));
        await StatusAsync("ACTIVE", "cluster", "eks", "describe-cluster", "--name", "one");
    }

    private protected Task StatusAsync(string status, string what, params string[] command) =>
        Eventually.TrueAsync(
            $"{what} is {status}",
            async () => (string?)(await Cli.RunAsync(command))[what]!["status"] == status,
            TimeSpan.FromSeconds(30)
        );

    /// <summary>Two public subnets in two zones, with a way out.</summary>
    private async Task CreateNetworkAsync()
    {
        var vpc = (await Ec2.CreateVpcAsync("network")).VpcId;
        var gateway = (await Ec2.CreateInternetGatewayAsync()).InternetGateway.InternetGatewayId;
        await Ec2.AttachInternetGatewayAsync(new() { InternetGatewayId = gateway, VpcId = vpc });
        var table = (await Ec2.CreateRouteTableAsync(new() { VpcId = vpc })).RouteTable.RouteTableId;
        await Ec2.CreateRouteAsync(
            new()
            {
                RouteTableId = table,
                DestinationCidrBlock = "0.0.0.0/0",
                GatewayId = gateway,
            }
        );
        Subnets =
        [
            (await Ec2.CreateSubnetAsync(vpc, "10.0.0.0/22", "eu-central-1a")).SubnetId,
            (await Ec2.CreateSubnetAsync(vpc, "10.0.4.0/22", "eu-central-1b")).SubnetId,
        ];
        foreach (var subnet in Subnets)
        {
            await Ec2.ModifySubnetAttributeAsync(new() { SubnetId = subnet, MapPublicIpOnLaunch = true });
            await Ec2.AssociateRouteTableAsync(new() { SubnetId = subnet, RouteTableId = table });
        }
    }
}
