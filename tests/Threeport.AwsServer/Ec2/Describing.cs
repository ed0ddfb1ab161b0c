using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.State;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Ec2;

/// <summary>What all Describe operations have in common: ids, filters and pages.</summary>
internal static class Describing
{
    /// <summary>What becomes visible when EC2's eventual consistency allows it.</summary>
    public static DateTimeOffset Visible(this QueryCall call) => call.Now + call.Cloud.Settings.Ec2Delay;

    /// <param name="call">The call.</param>
    /// <param name="store">What there is.</param>
    /// <param name="ids">The name of the parameter that lists ids.</param>
    /// <param name="set">The name of the list in the answer.</param>
    /// <param name="content">How one is written.</param>
    public static XElement?[] Describe<T>(
        this QueryCall call,
        Ec2Store<T> store,
        string ids,
        string set,
        Func<T, object?> content
    )
        where T : Ec2Resource
    {
        var wanted = call.Parameters.Strings(ids);
        var found =
            wanted.Count == 0
                ? store.Where(resource => resource.Visible <= call.Now)
                : wanted.Select(id =>
                    store.TryGet(id, out var resource) && resource.Visible <= call.Now
                        ? resource
                        : throw store.NotFound(id)
                );
        if (wanted.Count > 0 && call.Parameters["MaxResults"] is not null)
        {
            throw new AwsException(
                "InvalidParameterCombination",
                $"The parameter {ids} cannot be used with the parameter maxResults"
            );
        }

        return call.Page([.. Filtered(call, found)], set, content);
    }

    /// <summary>The page that is asked for, and the token for the next.</summary>
    public static XElement?[] Page<T>(this QueryCall call, IReadOnlyList<T> all, string set, Func<T, object?> content)
    {
        var size = call.Parameters.Number("MaxResults") ?? all.Count;
        if (call.Parameters["MaxResults"] is not null && size is < 5 or > 1000)
        {
            throw new AwsException(
                "InvalidParameterValue",
                $"Value ( {size} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000."
            );
        }

        var start = Offset(call.Parameters["NextToken"]);
        var next = start + size < all.Count ? Token(start + size) : null;
        return [Xml.Items(set, all.Skip(start).Take(size), content), Xml.Text("nextToken", next)];
    }

    public static IEnumerable<T> Filtered<T>(QueryCall call, IEnumerable<T> resources)
        where T : Ec2Resource
    {
        var filters = call
            .Parameters.Structures("Filter")
            .Select(static filter => (Name: filter.Required("Name"), Values: filter.Strings("Value")))
            .ToList();
        return resources.Where(resource =>
            filters.TrueForAll(filter => Fits(Values(resource, filter.Name), filter.Values))
        );
    }

    public static bool Fits(IEnumerable<string?> actual, IReadOnlyList<string> wanted) =>
        actual.Any(value =>
            value is not null && wanted.Any(pattern => Wildcard.Matches(pattern, value, ignoreCase: false))
        );

    public static XElement Tags(IEnumerable<KeyValuePair<string, string>> tags) =>
        Xml.Items(
            "tagSet",
            tags,
            static tag => new[] { new XElement("key", tag.Key), new XElement("value", tag.Value) }
        );

    public static AwsException UnknownFilter(string name) =>
        new("InvalidParameterValue", $"The filter '{name}' is invalid");

    private static IEnumerable<string?> Values(Ec2Resource resource, string filter) =>
        filter switch
        {
            "tag-key" => resource.Tags.Keys,
            "tag-value" => resource.Tags.Values,
            _ when filter.StartsWith("tag:", StringComparison.Ordinal) =>
            [
                resource.Tags.GetValueOrDefault(filter[4..]),
            ],
            _ => resource.Field(filter) ?? throw UnknownFilter(filter),
        };

    private static string Token(int offset) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(offset.ToString(CultureInfo.InvariantCulture)));

    private static int Offset(string? token)
    {
        if (token is null)
        {
            return 0;
        }

        var text = new byte[token.Length];
        return
            Convert.TryFromBase64String(token, text, out var length)
            && int.TryParse(text.AsSpan(0, length), CultureInfo.InvariantCulture, out var offset)
            ? offset
            : throw new AwsException("InvalidNextToken", "The token is not valid.");
    }
}
