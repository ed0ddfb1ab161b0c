using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Ec2;

/// <summary>CreateTags, DeleteTags, DescribeTags, and the tags that resources are made with.</summary>
internal static class Tagging
{
    private const int Most = 50;

    public static void AddTo(QueryOperations operations)
    {
        operations["CreateTags"] = Create;
        operations["DeleteTags"] = Delete;
        operations["DescribeTags"] = Describe;
    }

    /// <summary>The tags for what is about to be made. Read before it is, so that a bad one makes nothing.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> TagsFor(this QueryCall call, string type)
    {
        var specifications = call.Parameters.Structures("TagSpecification");
        if (specifications.FirstOrDefault(s => s["ResourceType"] != type) is { } other)
        {
            throw new AwsException(
                "InvalidParameterValue",
                $"'{other["ResourceType"]}' is not a valid taggable resource type for this operation."
            );
        }

        var tags = specifications.SelectMany(static specification => Read(specification)).ToList();
        return tags.Count <= Most ? tags : throw TooMany();
    }

    public static T Tagged<T>(this T resource, IEnumerable<KeyValuePair<string, string>> tags)
        where T : Ec2Resource
    {
        foreach (var (key, value) in tags)
        {
            resource.Tags[key] = value;
        }

        return resource;
    }

    private static IEnumerable<KeyValuePair<string, string>> Read(QueryParameters parameters)
    {
        foreach (var tag in parameters.Structures("Tag"))
        {
            var key = tag.Required("Key");
            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw new AwsException(
                    "InvalidParameterValue",
                    $"Value ( {key} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use"
                );
            }

            yield return KeyValuePair.Create(key, tag["Value"] ?? "");
        }
    }

    private static XElement?[] Create(QueryCall call)
    {
        var resources = Named(call);
        var tags = Read(call.Parameters).ToList();
        if (resources.Any(resource => resource.Tags.Keys.Union(tags.Select(static tag => tag.Key)).Count() > Most))
        {
            throw TooMany();
        }

        foreach (var resource in resources)
        {
            resource.Tagged(tags);
        }

        return [Xml.Flag("return", true)];
    }

    private static XElement?[] Delete(QueryCall call)
    {
        var tags = call.Parameters.Structures("Tag");
        foreach (var resource in Named(call))
        {
            foreach (var tag in tags.DefaultIfEmpty())
            {
                Remove(resource, tag);
            }
        }

        return [Xml.Flag("return", true)];
    }

    private static void Remove(Ec2Resource resource, QueryParameters? tag)
    {
        if (tag is null)
        {
            resource.Tags.Clear();
        }
        else if (tag["Value"] is not { } value || resource.Tags.GetValueOrDefault(tag.Required("Key")) == value)
        {
            resource.Tags.Remove(tag.Required("Key"));
        }
    }

    private static XElement?[] Describe(QueryCall call)
    {
        var filters = call
            .Parameters.Structures("Filter")
            .Select(static filter => (Name: filter.Required("Name"), Values: filter.Strings("Value")))
            .ToList();
        var tags =
            from resource in call.Here.Ec2Resources
            where resource.Visible <= call.Now
            from tag in resource.Tags
            where filters.TrueForAll(filter => Describing.Fits([Field(resource, tag, filter.Name)], filter.Values))
            select (resource, tag);
        return call.Page(
            [.. tags],
            "tagSet",
            static found =>
                new[]
                {
                    new XElement("resourceId", found.resource.Id),
                    new XElement("resourceType", found.resource.Type),
                    new XElement("key", found.tag.Key),
                    new XElement("value", found.tag.Value),
                }
        );
    }

    private static string? Field(Ec2Resource resource, KeyValuePair<string, string> tag, string filter) =>
        filter switch
        {
            "key" or "tag-key" => tag.Key,
            "value" or "tag-value" => tag.Value,
            "resource-id" => resource.Id,
            "resource-type" => resource.Type,
            _ when filter.StartsWith("tag:", StringComparison.Ordinal) => tag.Key == filter[4..] ? tag.Value : null,
            _ => throw Describing.UnknownFilter(filter),
        };

    private static List<Ec2Resource> Named(QueryCall call)
    {
        var ids = call.Parameters.Strings("ResourceId");
        return ids.Count > 0
            ? [.. ids.Select(id => Find(call, id))]
            : throw new AwsException("MissingParameter", "The request must contain the parameter ResourceId");
    }

    private static Ec2Resource Find(QueryCall call, string id) =>
        call.Here.Ec2Resources.FirstOrDefault(resource => resource.Id == id)
        ?? throw new AwsException(Missing(id), $"The ID '{id}' does not exist");

    private static string Missing(string id) =>
        id.Split('-')[0] switch
        {
            "vpc" => "InvalidVpcID.NotFound",
            "subnet" => "InvalidSubnetID.NotFound",
            "igw" => "InvalidInternetGatewayID.NotFound",
            "eipalloc" => "InvalidAllocationID.NotFound",
            "nat" => "NatGatewayNotFound",
            "rtb" => "InvalidRouteTableID.NotFound",
            "sg" => "InvalidGroup.NotFound",
            "eni" => "InvalidNetworkInterfaceID.NotFound",
            "vol" => "InvalidVolume.NotFound",
            "i" => "InvalidInstanceID.NotFound",
            _ => "InvalidID",
        };

    private static AwsException TooMany() =>
        new(
            "TagLimitExceeded",
            $"More than {Most} tags specified. The maximum number of tags for a resource is {Most}."
        );
}
