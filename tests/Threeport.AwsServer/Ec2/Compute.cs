using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Ec2;

/// <summary>Instances, the types there are, and volumes.</summary>
internal static class Compute
{
    public static void AddTo(QueryOperations operations)
    {
        operations["DescribeInstances"] = static call =>
            call.Describe(call.Here.Instances, "InstanceId", "reservationSet", instance => Reservation(call, instance));
        operations["DescribeInstanceTypes"] = DescribeTypes;
        operations["DescribeInstanceTypeOfferings"] = DescribeOfferings;
        operations["DescribeVolumes"] = static call => call.Describe(call.Here.Volumes, "VolumeId", "volumeSet", Write);
        operations["DeleteVolume"] = DeleteVolume;
    }

    private static XElement?[] Reservation(QueryCall call, Instance instance) =>
        [
            Xml.Text("reservationId", $"r-{instance.Id[2..]}"),
            Xml.Text("ownerId", call.Account.Id),
            new XElement("groupSet"),
            Xml.Items("instancesSet", [instance], Write),
        ];

    private static XElement?[] Write(Instance instance) =>
        [
            Xml.Text("instanceId", instance.Id),
            new XElement("instanceState", new XElement("code", 16), new XElement("name", "running")),
            Xml.Text("instanceType", instance.InstanceType),
            Xml.Time("launchTime", instance.Launched),
            new XElement("placement", Xml.Text("availabilityZone", instance.Network.Subnet.Zone.Name)),
            Xml.Text("privateIpAddress", instance.Network.Address),
            Xml.Text("subnetId", instance.Network.Subnet.Id),
            Xml.Text("vpcId", instance.Network.Subnet.Vpc.Id),
            Xml.Text("architecture", InstanceTypes.All[instance.InstanceType].Architecture),
            Xml.Items(
                "groupSet",
                instance.Network.Groups,
                static group => new[] { Xml.Text("groupId", group.Id), Xml.Text("groupName", group.Name) }
            ),
            Describing.Tags(instance.Tags),
        ];

    private static XElement?[] DescribeTypes(QueryCall call)
    {
        var wanted = call.Parameters.Strings("InstanceType");
        if (wanted.Where(static name => !InstanceTypes.All.ContainsKey(name)).ToList() is { Count: > 0 } unknown)
        {
            throw new AwsException(
                "InvalidInstanceType",
                $"The following supplied instance types do not exist: [{string.Join(", ", unknown)}]"
            );
        }

        var types = InstanceTypes.All.Values.Where(type => wanted.Count == 0 || wanted.Contains(type.Name));
        return call.Page([.. Filtered(call, types, TypeField)], "instanceTypeSet", Write);
    }

    private static string? TypeField(InstanceType type, string filter) =>
        filter switch
        {
            "instance-type" => type.Name,
            "current-generation" => type.Name.StartsWith("t2.", StringComparison.Ordinal) ? "false" : "true",
            "processor-info.supported-architecture" => type.Architecture,
            "burstable-performance-supported" => type.IsBurstable ? "true" : "false",
            _ => throw Describing.UnknownFilter(filter),
        };

    private static XElement?[] Write(InstanceType type) =>
        [
            Xml.Text("instanceType", type.Name),
            Xml.Flag("currentGeneration", !type.Name.StartsWith("t2.", StringComparison.Ordinal)),
            Xml.Flag("bareMetal", false),
            Xml.Text("hypervisor", "nitro"),
            new XElement(
                "processorInfo",
                Xml.Items("supportedArchitectures", [type.Architecture], static architecture => architecture)
            ),
            new XElement("vCpuInfo", Xml.Number("defaultVCpus", type.Cpus)),
            new XElement("memoryInfo", Xml.Number("sizeInMiB", type.MemoryMiB)),
            Xml.Flag("burstablePerformanceSupported", type.IsBurstable),
        ];

    private static XElement?[] DescribeOfferings(QueryCall call)
    {
        var by = call.Parameters["LocationType"] ?? "region";
        var zones = Geography.Zones(call.Region);
        IEnumerable<string> locations = by switch
        {
            "region" => [call.Region],
            "availability-zone" => zones.Select(static zone => zone.Name),
            "availability-zone-id" => zones.Select(static zone => zone.Id),
            _ => throw new AwsException(
                "InvalidParameterValue",
                $"Value ({by}) for parameter locationType is invalid."
            ),
        };
        var offerings = locations.SelectMany(location =>
            InstanceTypes.All.Keys.Select(type => (Type: type, Location: location))
        );
        return call.Page(
            [
                .. Filtered(
                    call,
                    offerings,
                    static (offering, filter) =>
                        filter switch
                        {
                            "instance-type" => offering.Type,
                            "location" => offering.Location,
                            _ => throw Describing.UnknownFilter(filter),
                        }
                ),
            ],
            "instanceTypeOfferingSet",
            offering =>
                new[]
                {
                    Xml.Text("instanceType", offering.Type),
                    Xml.Text("locationType", by),
                    Xml.Text("location", offering.Location),
                }
        );
    }

    private static IEnumerable<T> Filtered<T>(QueryCall call, IEnumerable<T> all, Func<T, string, string?> field)
    {
        var filters = call.Parameters.Structures("Filter");
        return all.Where(one =>
            filters.All(filter => Describing.Fits([field(one, filter.Required("Name"))], filter.Strings("Value")))
        );
    }

    private static XElement?[] DeleteVolume(QueryCall call)
    {
        var volume = call.Here.Volumes[call.Parameters.Required("VolumeId")];
        if (volume.Instance is not null)
        {
            throw new AwsException("VolumeInUse", $"Volume {volume.Id} is currently attached to {volume.Instance}");
        }

        call.Here.Volumes.Remove(volume);
        return [Xml.Flag("return", true)];
    }

    private static XElement?[] Write(Volume volume) =>
        [
            Xml.Text("volumeId", volume.Id),
            Xml.Number("size", volume.Size),
            Xml.Text("availabilityZone", volume.Zone.Name),
            Xml.Text("status", volume.State),
            Xml.Time("createTime", volume.Created),
            Xml.Text("volumeType", "gp3"),
            Xml.Flag("encrypted", false),
            Xml.Items<string>(
                "attachmentSet",
                volume.Instance is { } instance ? [instance] : [],
                id =>
                    new[]
                    {
                        Xml.Text("volumeId", volume.Id),
                        Xml.Text("instanceId", id),
                        Xml.Text("status", "attached"),
                    }
            ),
            Describing.Tags(volume.Tags),
        ];
}
