using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

namespace Threeport.Modules.Aws.Stack;

/// <summary>In which of a region's zones a cluster is.</summary>
internal static class Zones
{
    /// <summary>Where EKS has no control planes, as its documentation says; the same zone for every account.</summary>
    private static readonly HashSet<string> WithoutEks = new(StringComparer.Ordinal)
    {
        "use1-az3",
        "usw1-az2",
        "cac1-az3",
    };

    /// <param name="available">Name and id of those that EC2 has.</param>
    /// <param name="current">Those that were chosen; kept, with their places, as long as nobody refuses them.</param>
    /// <param name="refused">Names that EKS does not take.</param>
    /// <param name="count">How many are wanted.</param>
    /// <returns>Fewer than wanted when the region has no more.</returns>
    public static IReadOnlyList<StackZone> Choose(
        IEnumerable<(string Name, string Id)> available,
        IReadOnlyList<StackZone> current,
        IReadOnlyCollection<string> refused,
        int count
    )
    {
        var usable = available
            .OrderBy(static z => z.Name, StringComparer.Ordinal)
            .Select(static (z, slot) => new StackZone(z.Name, z.Id, slot))
            .Where(z => z.Slot < Subnetting.Slots && !WithoutEks.Contains(z.Id) && !refused.Contains(z.Name))
            .ToList();
        var kept = current.Where(c => usable.Any(u => u.Name == c.Name)).ToList();
        var others = usable.Where(u => kept.All(k => k.Name != u.Name && k.Slot != u.Slot));
        return [.. kept.Concat(others).Take(count).OrderBy(static z => z.Name, StringComparer.Ordinal)];
    }
}
