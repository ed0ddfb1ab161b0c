using System.Text.Json.Nodes;
using Amazon.EC2;
using Amazon.EC2.Model;
using Threeport.AwsServer;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Aws;

/// <summary>What the SDK makes, awscli reads back.</summary>
public sealed class AwsNetworkTests
{
    private AwsEndpoint _aws = null!;
    private AmazonEC2Client _ec2 = null!;
    private AwsCli _cli = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _aws = await AwsEndpoint.StartAsync(new());
        _ec2 = _aws.Ec2();
        _cli = AwsCli.Start(_aws, AwsAccountClients.Key, AwsAccountClients.Region);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _cli.DisposeAsync();
        _ec2.Dispose();
        await _aws.DisposeAsync();
    }

    [Test]
    public async Task A_network_made_by_the_SDK_is_what_awscli_reads_and_leaves_nothing_when_deleted()
    {
        var vpc = await _ec2.CreateVpcAsync("Grüße & <co>");
        await _ec2.ModifyVpcAttributeAsync(new() { VpcId = vpc.VpcId, EnableDnsHostnames = true });
        var subnet = await _ec2.CreateSubnetAsync(vpc.VpcId, "10.0.0.0/22", "eu-central-1a");
        await _ec2.ModifySubnetAttributeAsync(new() { SubnetId = subnet.SubnetId, MapPublicIpOnLaunch = true });
        var gateway = (await _ec2.CreateInternetGatewayAsync()).InternetGateway.InternetGatewayId;
        await _ec2.AttachInternetGatewayAsync(new() { InternetGatewayId = gateway, VpcId = vpc.VpcId });
        var address = await _ec2.AllocateAddressAsync(
            new AllocateAddressRequest
            {
                Domain = DomainType.Vpc,
                TagSpecifications = [AwsAccountClients.Named(ResourceType.ElasticIp, "a")],
            }
        );
        var nat = await CreateNatAsync(subnet.SubnetId, address.AllocationId);
        var table = (await _ec2.CreateRouteTableAsync(new() { VpcId = vpc.VpcId })).RouteTable.RouteTableId;
        await _ec2.CreateRouteAsync(
            new()
            {
                RouteTableId = table,
                DestinationCidrBlock = "0.0.0.0/0",
                NatGatewayId = nat,
            }
        );
        var association = (
            await _ec2.AssociateRouteTableAsync(new() { RouteTableId = table, SubnetId = subnet.SubnetId })
        ).AssociationId;
        var group = await CreateGroupAsync(vpc.VpcId);

        await SeesVpcAsync(vpc.VpcId, subnet.SubnetId);
        await SeesGatewaysAsync(vpc.VpcId, gateway, nat, address.AllocationId);
        await SeesRoutesAsync(table, association, nat, state: "active");
        await SeesGroupAsync(group);

        Assert.That(
            await _cli.RefusedAsync("ec2", "delete-vpc", "--vpc-id", vpc.VpcId),
            Is.EqualTo("DependencyViolation")
        );
        Assert.That(
            await _cli.RefusedAsync("ec2", "delete-subnet", "--subnet-id", subnet.SubnetId),
            Is.EqualTo("DependencyViolation")
        );
        await _ec2.DeleteNatGatewayAsync(new() { NatGatewayId = nat });
        await SeesRoutesAsync(table, association, nat, state: "blackhole");
        await Eventually.TrueAsync("the NAT gateway is deleted", async () => await StateAsync(nat) == "deleted");
        await _ec2.DeleteSecurityGroupAsync(new() { GroupId = group });
        await _ec2.DisassociateRouteTableAsync(new() { AssociationId = association });
        await _ec2.DeleteRouteTableAsync(new() { RouteTableId = table });
        await _ec2.ReleaseAddressAsync(new() { AllocationId = address.AllocationId });
        await _ec2.DetachInternetGatewayAsync(new() { InternetGatewayId = gateway, VpcId = vpc.VpcId });
        await _ec2.DeleteInternetGatewayAsync(new() { InternetGatewayId = gateway });
        await _ec2.DeleteSubnetAsync(new() { SubnetId = subnet.SubnetId });
        await _ec2.DeleteVpcAsync(new() { VpcId = vpc.VpcId });

        Assert.That(_aws.Control.Resources, Is.Empty);
        Assert.That((await _cli.RunAsync("ec2", "describe-vpcs"))["Vpcs"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task Regions_zones_and_types_of_instances_are_read_by_awscli()
    {
        var regions = (await _cli.RunAsync("ec2", "describe-regions"))["Regions"]!.AsArray();
        var zones = (await _cli.RunAsync("ec2", "describe-availability-zones"))["AvailabilityZones"]!.AsArray();
        var types = await _cli.RunAsync("ec2", "describe-instance-types", "--instance-types", "c7g.medium");
        var offerings = await _cli.RunAsync(
            "ec2",
            "describe-instance-type-offerings",
            "--location-type",
            "availability-zone",
            "--filters",
            "Name=instance-type,Values=m7i.large"
        );

        Assert.Multiple(() =>
        {
            Assert.That(regions.Select(static r => (string?)r!["RegionName"]), Does.Contain("us-east-1"));
            Assert.That(
                zones.Select(static z => (string?)z!["ZoneName"]),
                Is.EqualTo(new[] { "eu-central-1a", "eu-central-1b", "eu-central-1c" })
            );
            Assert.That((int?)types["InstanceTypes"]![0]!["MemoryInfo"]!["SizeInMiB"], Is.EqualTo(2048));
            Assert.That(offerings["InstanceTypeOfferings"]!.AsArray(), Has.Count.EqualTo(3));
        });
    }

    [Test]
    public async Task A_list_longer_than_a_page_is_read_to_its_end()
    {
        var made = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            made.Add((await _ec2.CreateSecurityGroupAsync(await GroupAsync(i))).GroupId);
        }

        var read = await _cli.RunAsync(
            "ec2",
            "describe-security-groups",
            "--page-size",
            "5",
            "--filters",
            "Name=group-name,Values=page-*"
        );

        Assert.That(
            read["SecurityGroups"]!.AsArray().Select(static g => (string?)g!["GroupId"]),
            Is.EquivalentTo(made)
        );
        var vpc = (string?)read["SecurityGroups"]![0]!["VpcId"];
        foreach (var id in made)
        {
            await _ec2.DeleteSecurityGroupAsync(new() { GroupId = id });
        }

        await _ec2.DeleteVpcAsync(new() { VpcId = vpc });
    }

    private string? _pagesVpc;

    private async Task<CreateSecurityGroupRequest> GroupAsync(int i) =>
        new()
        {
            VpcId = _pagesVpc ??= (await _ec2.CreateVpcAsync("pages")).VpcId,
            GroupName = $"page-{i}",
            Description = "one of many",
        };

    private async Task<string> CreateNatAsync(string subnet, string address)
    {
        var request = new CreateNatGatewayRequest
        {
            SubnetId = subnet,
            AllocationId = address,
            ClientToken = Guid.CreateVersion7().ToString(),
        };
        var nat = (await _ec2.CreateNatGatewayAsync(request)).NatGateway.NatGatewayId;
        Assert.That((await _ec2.CreateNatGatewayAsync(request)).NatGateway.NatGatewayId, Is.EqualTo(nat));
        Assert.That(await StateAsync(nat), Is.AnyOf("pending", "available"));
        await Eventually.TrueAsync("the NAT gateway is available", async () => await StateAsync(nat) == "available");
        return nat;
    }

    private async Task<string> StateAsync(string nat) =>
        (await _ec2.DescribeNatGatewaysAsync(new() { NatGatewayIds = [nat] })).NatGateways.Single().State.Value;

    private async Task<string> CreateGroupAsync(string vpc)
    {
        var group = (
            await _ec2.CreateSecurityGroupAsync(
                new()
                {
                    VpcId = vpc,
                    GroupName = "nodes",
                    Description = "of nodes",
                    TagSpecifications = [AwsAccountClients.Named(ResourceType.SecurityGroup, "nodes")],
                }
            )
        ).GroupId;
        var rules = new List<IpPermission>
        {
            new()
            {
                IpProtocol = "tcp",
                FromPort = 443,
                ToPort = 443,
                Ipv4Ranges = [new IpRange { CidrIp = "10.0.0.0/8", Description = "inside" }],
                UserIdGroupPairs = [new UserIdGroupPair { GroupId = group }],
            },
        };
        await _ec2.AuthorizeSecurityGroupIngressAsync(new() { GroupId = group, IpPermissions = rules });
        var again = await Assert.ThrowsAsync<AmazonEC2Exception>(() =>
            _ec2.AuthorizeSecurityGroupIngressAsync(new() { GroupId = group, IpPermissions = rules })
        );
        Assert.That(again!.ErrorCode, Is.EqualTo("InvalidPermission.Duplicate"));
        return group;
    }

    private async Task SeesVpcAsync(string vpc, string subnet)
    {
        var read = await _cli.RunAsync("ec2", "describe-vpcs", "--filters", "Name=tag:Name,Values=Grüße & <co>");
        var one = read["Vpcs"]!.AsArray().Single()!;
        var dns = await _cli.RunAsync(
            "ec2",
            "describe-vpc-attribute",
            "--vpc-id",
            vpc,
            "--attribute",
            "enableDnsHostnames"
        );
        var subnets = await _cli.RunAsync("ec2", "describe-subnets", "--filters", $"Name=vpc-id,Values={vpc}");
        var tags = await _cli.RunAsync("ec2", "describe-tags", "--filters", $"Name=resource-id,Values={vpc}");
        Assert.Multiple(() =>
        {
            Assert.That((string?)one["VpcId"], Is.EqualTo(vpc));
            Assert.That((string?)one["State"], Is.EqualTo("available"));
            Assert.That(Tags(one), Is.EqualTo(new[] { "Name=Grüße & <co>", "ProvisionedBy=threeport" }));
            Assert.That(tags["Tags"]!.AsArray(), Has.Count.EqualTo(2));
            Assert.That((bool?)dns["EnableDnsHostnames"]!["Value"], Is.True);
            Assert.That((string?)subnets["Subnets"]!.AsArray().Single()!["SubnetId"], Is.EqualTo(subnet));
            Assert.That((bool?)subnets["Subnets"]![0]!["MapPublicIpOnLaunch"], Is.True);
        });
    }

    private async Task SeesGatewaysAsync(string vpc, string gateway, string nat, string address)
    {
        var gateways = await _cli.RunAsync("ec2", "describe-internet-gateways", "--internet-gateway-ids", gateway);
        var nats = await _cli.RunAsync("ec2", "describe-nat-gateways", "--filter", $"Name=vpc-id,Values={vpc}");
        var addresses = await _cli.RunAsync("ec2", "describe-addresses", "--allocation-ids", address);
        var networks = await _cli.RunAsync(
            "ec2",
            "describe-network-interfaces",
            "--filters",
            $"Name=vpc-id,Values={vpc}"
        );
        var one = nats["NatGateways"]!.AsArray().Single()!;
        Assert.Multiple(() =>
        {
            Assert.That((string?)gateways["InternetGateways"]![0]!["Attachments"]![0]!["VpcId"], Is.EqualTo(vpc));
            Assert.That((string?)one["NatGatewayId"], Is.EqualTo(nat));
            Assert.That((string?)one["State"], Is.EqualTo("available"));
            Assert.That((string?)one["NatGatewayAddresses"]![0]!["AllocationId"], Is.EqualTo(address));
            Assert.That(
                (string?)addresses["Addresses"]![0]!["NetworkInterfaceId"],
                Is.EqualTo((string?)networks["NetworkInterfaces"]!.AsArray().Single()!["NetworkInterfaceId"])
            );
            Assert.That(Tags(addresses["Addresses"]![0]!), Does.Contain("Name=a"));
        });
    }

    private async Task SeesRoutesAsync(string table, string association, string nat, string state)
    {
        var read = (await _cli.RunAsync("ec2", "describe-route-tables", "--route-table-ids", table))["RouteTables"]![
            0
        ]!;
        var route = read["Routes"]!.AsArray().Single(static r => (string?)r!["DestinationCidrBlock"] == "0.0.0.0/0")!;
        Assert.Multiple(() =>
        {
            Assert.That(
                (string?)read["Associations"]!.AsArray().Single()!["RouteTableAssociationId"],
                Is.EqualTo(association)
            );
            Assert.That((string?)route["NatGatewayId"], Is.EqualTo(nat));
            Assert.That((string?)route["State"], Is.EqualTo(state));
        });
    }

    private async Task SeesGroupAsync(string group)
    {
        var read = (await _cli.RunAsync("ec2", "describe-security-groups", "--group-ids", group))["SecurityGroups"]![
            0
        ]!;
        var rule = read["IpPermissions"]!.AsArray().Single()!;
        Assert.Multiple(() =>
        {
            Assert.That((string?)read["GroupName"], Is.EqualTo("nodes"));
            Assert.That((int?)rule["FromPort"], Is.EqualTo(443));
            Assert.That((string?)rule["IpRanges"]![0]!["Description"], Is.EqualTo("inside"));
            Assert.That((string?)rule["UserIdGroupPairs"]![0]!["GroupId"], Is.EqualTo(group));
            Assert.That(read["IpPermissionsEgress"]!.AsArray(), Has.Count.EqualTo(1));
        });
    }

    private static IEnumerable<string> Tags(JsonNode resource) =>
        resource["Tags"]!.AsArray().Select(static tag => $"{tag!["Key"]}={tag["Value"]}");
}
