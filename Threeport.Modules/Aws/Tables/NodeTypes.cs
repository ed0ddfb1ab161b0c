using System.Text.RegularExpressions;

namespace Threeport.Modules.Aws.Tables;

/// <summary>
/// The instance types behind sizes and profiles. All of them are x86: images are made for that unless somebody says otherwise, and a
/// cluster that cannot run what is deployed to it helps nobody. An ARM type can be named in the EKS definition itself.
/// </summary>
internal static partial class NodeTypes
{
    private const string Balanced = "Balanced";
    private const string Compute = "ComputeOptimized";
    private const string Memory = "MemoryOptimized";

    private static readonly Dictionary<(string Profile, string Size), string> Table = new()
    {
        [(Balanced, "2XSmall")] = "t3.nano",
        [(Balanced, "XSmall")] = "t3.micro",
        [(Balanced, "Small")] = "t3.small",
        [(Balanced, "Medium")] = "t3.medium",
        [(Balanced, "Large")] = "m7i.large",
        [(Balanced, "XLarge")] = "m7i.xlarge",
        [(Balanced, "2XLarge")] = "m7i.2xlarge",
        [(Balanced, "3XLarge")] = "m7i.4xlarge",
        [(Balanced, "4XLarge")] = "m7i.8xlarge",
        // The smallest that there is.
        [(Compute, "Small")] = "c7i.large",
        [(Compute, "Medium")] = "c7i.large",
        [(Compute, "Large")] = "c7i.xlarge",
        [(Compute, "XLarge")] = "c7i.2xlarge",
        [(Compute, "2XLarge")] = "c7i.4xlarge",
        [(Compute, "3XLarge")] = "c7i.8xlarge",
        [(Compute, "4XLarge")] = "c7i.12xlarge",
        [(Memory, "Medium")] = "r6i.large",
        [(Memory, "Large")] = "r6i.xlarge",
        [(Memory, "XLarge")] = "r6i.2xlarge",
        [(Memory, "2XLarge")] = "r6i.4xlarge",
        [(Memory, "3XLarge")] = "r6i.8xlarge",
        [(Memory, "4XLarge")] = "r6i.12xlarge",
    };

    /// <returns>Null when the profile has no such size.</returns>
    public static string? Of(string profile, string size) => Table.GetValueOrDefault((profile, size));

    /// <summary>The sizes that a profile has.</summary>
    public static IReadOnlyList<string> SizesOf(string profile) =>
        [.. Table.Keys.Where(k => k.Profile == profile).Select(static k => k.Size)];

    /// <summary>What EKS calls the image of its nodes: by the processor of their type.</summary>
    public static string AmiTypeOf(string instanceType) =>
        Arm().IsMatch(instanceType) ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD";

    public static bool IsType(string? text) => text is not null && Type().IsMatch(text);

    /// <summary>Graviton is the <c>g</c> behind the generation (<c>t4g</c>, <c>c7gn</c>), and the first of them, <c>a1</c>.</summary>
    [GeneratedRegex(@"^(a1|[a-z]+[0-9]+g[a-z]*(-[a-z0-9]+)*)\.")]
    private static partial Regex Arm();

    [GeneratedRegex(
        @"^[a-z][a-z0-9-]{0,23}\.(nano|micro|small|medium|large|([0-9]{1,3})?xlarge|metal(-[0-9]{1,3}xl)?)$"
    )]
    private static partial Regex Type();
}
