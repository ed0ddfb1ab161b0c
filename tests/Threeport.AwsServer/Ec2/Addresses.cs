using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.State;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Ec2;

internal static class Addresses
{
    // 198.51.100.0/24 and its like are for examples; this one is for benchmarks and large enough.
    private static readonly Cidr Pool = new(198u << 24 | 18u << 16, 15);

    public static void AddTo(QueryOperations operations)
    {
        operations["AllocateAddress"] = Allocate;
        operations["DescribeAddresses"] = Describe;
        operations["ReleaseAddress"] = Release;
    }

    private static XElement?[] Allocate(QueryCall call)
    {
        var here = call.Here;
        var tags = call.TagsFor("elastic-ip");
        if (here.Addresses.Count >= call.Cloud.Settings.Quotas.Addresses)
        {
            throw new AwsException("AddressLimitExceeded", "The maximum number of addresses has been reached.");
        }

        var taken = call
            .Cloud.Regions.SelectMany(static region => region.Addresses)
            .Select(static a => a.Ip)
            .ToHashSet();
        var ip = Enumerable
            .Range(1, (int)Pool.Size - 2)
            .Select(n => Pool.Address((uint)n))
            .First(a => !taken.Contains(a));
        var address = new ElasticAddress(Ids.Ec2("eipalloc"), call.Visible(), ip);
        here.Addresses.Add(address.Tagged(tags));
        return
        [
            Xml.Text("allocationId", address.Id),
            Xml.Text("publicIp", address.Ip),
            Xml.Text("domain", "vpc"),
            Xml.Text("publicIpv4Pool", "amazon"),
            Xml.Text("networkBorderGroup", call.Region),
        ];
    }

    private static XElement?[] Describe(QueryCall call)
    {
        var ips = call.Parameters.Strings("PublicIp");
        foreach (var ip in ips.Where(ip => call.Here.Addresses.All(address => address.Ip != ip)))
        {
            throw new AwsException("InvalidAddress.NotFound", $"Address '{ip}' not found.");
        }

        // DescribeAddresses has no pages.
        return call.Describe(call.Here.Addresses, "AllocationId", "addressesSet", address => Write(call, address));
    }

    private static XElement?[] Release(QueryCall call)
    {
        var address = call.Here.Addresses[call.Parameters.Required("AllocationId")];
        if (address.Interface is not null)
        {
            throw new AwsException("InvalidIPAddress.InUse", $"Address {address.Ip} is in use.");
        }

        call.Here.Addresses.Remove(address);
        return [Xml.Flag("return", true)];
    }

    private static XElement?[] Write(QueryCall call, ElasticAddress address) =>
        [
            Xml.Text("allocationId", address.Id),
            Xml.Text("publicIp", address.Ip),
            Xml.Text("domain", "vpc"),
            Xml.Text("associationId", address.AssociationId),
            Xml.Text("networkInterfaceId", address.Interface?.Id),
            Xml.Text("networkInterfaceOwnerId", address.Interface is null ? null : call.Account.Id),
            Xml.Text("privateIpAddress", address.Interface?.Address),
            Xml.Text("publicIpv4Pool", "amazon"),
            Xml.Text("networkBorderGroup", call.Region),
            Describing.Tags(address.Tags),
        ];
}
