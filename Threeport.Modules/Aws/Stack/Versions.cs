using System.Globalization;

namespace Threeport.Modules.Aws.Stack;

/// <summary>Kubernetes versions as EKS counts them, and the way from one to another.</summary>
internal static class Versions
{
    /// <summary>One minor version at a time, and never back; with the nodes still behind, first these.</summary>
    /// <param name="current">What the control plane of the cluster runs; null before it is made.</param>
    /// <param name="nodes">What its nodes run; null while there are none.</param>
    /// <param name="wanted">What it is to run; null for whatever it does.</param>
    /// <returns>What the control plane is to run next.</returns>
    public static string? Next(string? current, string? nodes, string? wanted)
    {
        if (current is null || wanted is null)
        {
            return current ?? wanted;
        }

        var isBehind = nodes is not null && MinorOf(nodes) < MinorOf(current);
        return isBehind || MinorOf(wanted) <= MinorOf(current) ? current : $"1.{MinorOf(current) + 1}";
    }

    /// <returns>The newest; null of none.</returns>
    public static string? Newest(IEnumerable<string?> versions) =>
        versions.OfType<string>().Where(static v => MinorOf(v) >= 0).MaxBy(MinorOf);

    /// <summary>Whether it asks for an older one than there is, which nothing leads to.</summary>
    public static bool IsBack(string? current, string? wanted) =>
        current is not null && wanted is not null && MinorOf(wanted) < MinorOf(current);

    private static int MinorOf(string version) =>
        version.Split('.') is ["1", var minor, ..]
        && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : -1;
}
