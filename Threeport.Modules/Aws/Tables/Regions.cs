using System.Text.RegularExpressions;

namespace Threeport.Modules.Aws.Tables;

/// <summary>The regions of AWS behind the places that no provider owns.</summary>
internal static partial class Regions
{
    /// <summary>Where a runtime goes that says no place.</summary>
    private const string Local = "Local";

    /// <summary>In this order; a region has one place, so that it can be told from it again.</summary>
    private static readonly (string Location, string Region)[] Table =
    [
        ("NorthAmerica:NewYork", "us-east-1"),
        ("NorthAmerica:Chicago", "us-east-2"),
        ("NorthAmerica:LosAngeles", "us-west-1"),
        ("NorthAmerica:Seattle", "us-west-2"),
        ("NorthAmerica:Toronto", "ca-central-1"),
        ("Asia:HongKong", "ap-east-1"),
        ("Asia:Hyderabad", "ap-south-2"),
        ("Asia:Jakarta", "ap-southeast-3"),
        ("Asia:Mumbai", "ap-south-1"),
        ("Asia:Osaka", "ap-northeast-3"),
        ("Asia:Seoul", "ap-northeast-2"),
        ("Asia:Singapore", "ap-southeast-1"),
        ("Asia:Tokyo", "ap-northeast-1"),
        ("Asia:Manama", "me-south-1"),
        ("Asia:Dubai", "me-central-1"),
        ("Oceania:Sydney", "ap-southeast-2"),
        ("Oceania:Melbourne", "ap-southeast-4"),
        ("Europe:Frankfurt", "eu-central-1"),
        ("Europe:Dublin", "eu-west-1"),
        ("Europe:London", "eu-west-2"),
        ("Europe:Milan", "eu-south-1"),
        ("Europe:Paris", "eu-west-3"),
        ("Europe:Madrid", "eu-south-2"),
        ("Europe:Stockholm", "eu-north-1"),
        ("Europe:Zurich", "eu-central-2"),
        ("SouthAmerica:SaoPaulo", "sa-east-1"),
        ("Africa:CapeTown", "af-south-1"),
    ];

    /// <summary>Other words for the same: <c>Local</c> is where the original put it, and the continent was spelt another way.</summary>
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        [Local] = "us-east-1",
        ["Oceana:Sydney"] = "ap-southeast-2",
        ["Oceana:Melbourne"] = "ap-southeast-4",
    };

    /// <summary>Every place that clusters may be asked for in.</summary>
    public static IReadOnlyList<string> Locations { get; } =
    [.. Others.Keys.Concat(Table.Select(static t => t.Location))];

    /// <summary>Every region that has a place.</summary>
    public static IEnumerable<string> Names => Table.Select(static t => t.Region);

    /// <returns>The region of a place; null when it is none of ours.</returns>
    public static string? Of(string location) =>
        Others.GetValueOrDefault(location)
        ?? Table.Where(t => t.Location == location).Select(static t => t.Region).FirstOrDefault();

    /// <returns>The place of a region, by its proper name; null for a region that has none.</returns>
    public static string? LocationOf(string region) =>
        Table.Where(t => t.Region == region).Select(static t => t.Location).FirstOrDefault();

    /// <summary>Whether it looks like one: there are more than any list of ours knows.</summary>
    public static bool IsRegion(string? text) => text is not null && Pattern().IsMatch(text);

    [GeneratedRegex("^[a-z]{2,4}(-[a-z]{2,12}){1,3}-[0-9]{1,2}$")]
    private static partial Regex Pattern();
}
