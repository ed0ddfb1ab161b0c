using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Ec2;

/// <summary>Regions, zones, and what an account may have.</summary>
internal static class Places
{
    public static void AddTo(QueryOperations operations)
    {
        operations["DescribeRegions"] = DescribeRegions;
        operations["DescribeAvailabilityZones"] = DescribeZones;
        operations["DescribeAccountAttributes"] = DescribeAccount;
    }

    private static XElement?[] DescribeRegions(QueryCall call)
    {
        var wanted = call.Parameters.Strings("RegionName");
        if (wanted.FirstOrDefault(static name => !Geography.Regions.ContainsKey(name)) is { } unknown)
        {
            throw new AwsException("InvalidParameterValue", $"Invalid region provided: {unknown}");
        }

        var regions = Geography.Regions.Keys.Where(name =>
            (wanted.Count == 0 || wanted.Contains(name))
            && Fits(
                call,
                filter =>
                    filter switch
                    {
                        "region-name" => name,
                        "opt-in-status" => "opt-in-not-required",
                        "endpoint" => $"ec2.{name}.amazonaws.com",
                        _ => null,
                    }
            )
        );
        return
        [
            Xml.Items(
                "regionInfo",
                regions,
                static name =>
                    new[]
                    {
                        Xml.Text("regionName", name),
                        Xml.Text("regionEndpoint", $"ec2.{name}.amazonaws.com"),
                        Xml.Text("optInStatus", "opt-in-not-required"),
                    }
            ),
        ];
    }

    private static XElement?[] DescribeZones(QueryCall call)
    {
        var (names, ids) = (call.Parameters.Strings("ZoneName"), call.Parameters.Strings("ZoneId"));
        var all = Geography.Zones(call.Region);
        if (names.Concat(ids).FirstOrDefault(w => all.All(zone => zone.Name != w && zone.Id != w)) is { } unknown)
        {
            throw new AwsException("InvalidParameterValue", $"Invalid availability zone: [{unknown}]");
        }

        var zones = all.Where(zone =>
            (names.Count + ids.Count == 0 || names.Contains(zone.Name) || ids.Contains(zone.Id))
            && Fits(call, filter => ZoneField(zone, filter))
        );
        return [Xml.Items("availabilityZoneInfo", zones, Write)];
    }

    private static string? ZoneField(Zone zone, string filter) =>
        filter switch
        {
            "zone-name" => zone.Name,
            "zone-id" => zone.Id,
            "region-name" or "group-name" => zone.Region,
            "state" => "available",
            "zone-type" => "availability-zone",
            "opt-in-status" => "opt-in-not-required",
            _ => null,
        };

    private static bool Fits(QueryCall call, Func<string, string?> field) =>
        call
            .Parameters.Structures("Filter")
            .All(filter => Fits(filter.Required("Name"), filter.Strings("Value"), field));

    private static bool Fits(string name, IReadOnlyList<string> wanted, Func<string, string?> field) =>
        Describing.Fits([field(name) ?? throw Describing.UnknownFilter(name)], wanted);

    private static XElement?[] Write(Zone zone) =>
        [
            Xml.Text("zoneName", zone.Name),
            Xml.Text("zoneId", zone.Id),
            Xml.Text("zoneState", "available"),
            Xml.Text("zoneType", "availability-zone"),
            Xml.Text("regionName", zone.Region),
            Xml.Text("groupName", zone.Region),
            Xml.Text("networkBorderGroup", zone.Region),
            Xml.Text("optInStatus", "opt-in-not-required"),
            new XElement("messageSet"),
        ];

    private static XElement?[] DescribeAccount(QueryCall call)
    {
        var quotas = call.Cloud.Settings.Quotas;
        var wanted = call.Parameters.Strings("AttributeName");
        var attributes = new (string Name, object Value)[]
        {
            ("supported-platforms", "VPC"),
            ("default-vpc", "none"),
            ("max-instances", 20),
            ("vpc-max-security-groups-per-interface", 5),
            ("max-elastic-ips", quotas.Addresses),
            ("vpc-max-elastic-ips", quotas.Addresses),
        };
        return
        [
            Xml.Items(
                "accountAttributeSet",
                attributes.Where(attribute => wanted.Count == 0 || wanted.Contains(attribute.Name)),
                static attribute =>
                    new[]
                    {
                        Xml.Text("attributeName", attribute.Name),
                        Xml.Items(
                            "attributeValueSet",
                            [attribute.Value],
                            static value => new XElement("attributeValue", value)
                        ),
                    }
            ),
        ];
    }
}
