using System.Globalization;
using System.Text.RegularExpressions;

namespace Threeport.Installation;

/// <summary>A version of Threeport: <c>0.2.0</c>, or <c>0.2.0-rc.1</c> before it.</summary>
/// <param name="Major">Changes when old clients are no longer served.</param>
/// <param name="Minor">Changes with every release that adds something.</param>
/// <param name="Patch">Changes with a release that only mends.</param>
/// <param name="Label">Of one that comes before the release; empty for the release.</param>
public readonly partial record struct ReleaseVersion(int Major, int Minor, int Patch, string Label)
    : IComparable<ReleaseVersion>
{
    /// <param name="text">As programs print it, with their name before it or without.</param>
    /// <returns>Null when there is none in it.</returns>
    public static ReleaseVersion? Find(string? text)
    {
        if (text is null || Form().Match(text.Trim()) is not { Success: true } match)
        {
            return null;
        }

        int Number(int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        return new(Number(1), Number(2), Number(3), match.Groups[4].Value);
    }

    /// <summary>Of the same minor version, whatever was mended since.</summary>
    public bool IsSameMinor(ReleaseVersion other) => (Major, Minor) == (other.Major, other.Minor);

    /// <summary>Whether one may be replaced by the other at once: nothing that is between them is left out.</summary>
    public bool FollowsAtOnce(ReleaseVersion before) =>
        Major == before.Major ? Minor <= before.Minor + 1 : Major == before.Major + 1 && Minor == 0;

    /// <inheritdoc />
    public int CompareTo(ReleaseVersion other)
    {
        var numbers = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        return numbers != 0 ? numbers : CompareLabels(Label, other.Label);
    }

    /// <summary>Whether the left one is older.</summary>
    public static bool operator <(ReleaseVersion left, ReleaseVersion right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one is newer.</summary>
    public static bool operator >(ReleaseVersion left, ReleaseVersion right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one is not newer.</summary>
    public static bool operator <=(ReleaseVersion left, ReleaseVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one is not older.</summary>
    public static bool operator >=(ReleaseVersion left, ReleaseVersion right) => left.CompareTo(right) >= 0;

    /// <inheritdoc />
    public override string ToString() => $"{Major}.{Minor}.{Patch}{(Label.Length > 0 ? $"-{Label}" : "")}";

    /// <summary>As semver.org orders them: what has a label comes before what has none, numbers before words.</summary>
    private static int CompareLabels(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return right.Length.CompareTo(left.Length);
        }

        var (ours, theirs) = (left.Split('.'), right.Split('.'));
        foreach (var (a, b) in ours.Zip(theirs))
        {
            var order = (int.TryParse(a, out var n), int.TryParse(b, out var m)) switch
            {
                (true, true) => n.CompareTo(m),
                (true, false) => -1,
                (false, true) => 1,
                _ => string.CompareOrdinal(a, b),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return ours.Length.CompareTo(theirs.Length);
    }

    [GeneratedRegex(
        @"^(?:[a-z-]+ )?v?([0-9]{1,5})\.([0-9]{1,5})\.([0-9]{1,5})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?\z"
    )]
    private static partial Regex Form();
}
