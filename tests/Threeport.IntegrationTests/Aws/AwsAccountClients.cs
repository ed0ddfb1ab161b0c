using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Threeport.AwsServer;

namespace Threeport.IntegrationTests.Aws;

/// <summary>The SDK's clients for the imitation, which try once.</summary>
internal static class AwsAccountClients
{
    public const string Region = "eu-central-1";

    public static AwsAccessKey Key => AwsAccountOptions.Default.AccessKeys[0];

    public static string Account => AwsAccountOptions.Default.Id;

    public static AmazonEC2Client Ec2(
        this AwsEndpoint aws,
        AWSCredentials? credentials = null,
        string region = Region
    ) =>
        new(credentials ?? new BasicAWSCredentials(Key.Id, Key.Secret), Configured(new AmazonEC2Config(), aws, region));

    public static AmazonSecurityTokenServiceClient Sts(this AwsEndpoint aws, AWSCredentials? credentials = null) =>
        new(
            credentials ?? new BasicAWSCredentials(Key.Id, Key.Secret),
            Configured(new AmazonSecurityTokenServiceConfig(), aws, Region)
        );

    public static async Task<Vpc> CreateVpcAsync(this AmazonEC2Client ec2, string name, string cidr = "10.0.0.0/16") =>
        (
            await ec2.CreateVpcAsync(
                new CreateVpcRequest { CidrBlock = cidr, TagSpecifications = [Named(ResourceType.Vpc, name)] }
            )
        ).Vpc;

    public static async Task<Subnet> CreateSubnetAsync(
        this AmazonEC2Client ec2,
        string vpc,
        string cidr,
        string zone
    ) =>
        (
            await ec2.CreateSubnetAsync(
                new CreateSubnetRequest
                {
                    VpcId = vpc,
                    CidrBlock = cidr,
                    AvailabilityZone = zone,
                }
            )
        ).Subnet;

    public static TagSpecification Named(ResourceType type, string name) =>
        new() { ResourceType = type, Tags = [new Tag("Name", name), new Tag("ProvisionedBy", "threeport")] };

    private static T Configured<T>(T config, AwsEndpoint aws, string region)
        where T : ClientConfig
    {
        config.ServiceURL = aws.Address.ToString();
        config.AuthenticationRegion = region;
        config.MaxErrorRetry = 0;
        config.MaxStaleConnectionRetries = 0;
        return config;
    }
}
