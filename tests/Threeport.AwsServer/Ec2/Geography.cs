namespace Threeport.AwsServer.Ec2;

/// <summary>An availability zone: <c>eu-central-1a</c>, which is <c>euc1-az2</c> whoever looks.</summary>
internal sealed record Zone(string Region, string Name, string Id);

/// <summary>The regions that an account has without asking for them, and their zones.</summary>
internal static class Geography
{
    public static IReadOnlyDictionary<string, IReadOnlyList<Zone>> Regions { get; } =
        new (string Region, string Short, string Zones)[]
        {
            ("us-east-1", "use1", "abcdef"),
            ("us-east-2", "use2", "abc"),
            ("us-west-1", "usw1", "ac"),
            ("us-west-2", "usw2", "abcd"),
            ("ca-central-1", "cac1", "abd"),
            ("sa-east-1", "sae1", "abc"),
            ("eu-central-1", "euc1", "abc"),
            ("eu-west-1", "euw1", "abc"),
            ("eu-west-2", "euw2", "abc"),
            ("eu-west-3", "euw3", "abc"),
            ("eu-north-1", "eun1", "abc"),
            ("ap-south-1", "aps1", "abc"),
            ("ap-southeast-1", "apse1", "abc"),
            ("ap-southeast-2", "apse2", "abc"),
            ("ap-northeast-1", "apne1", "acd"),
            ("ap-northeast-2", "apne2", "abcd"),
            ("ap-northeast-3", "apne3", "abc"),
        }.ToDictionary(
            static region => region.Region,
            static region =>
                (IReadOnlyList<Zone>)
                    [
                        .. region.Zones.Select(
                            (letter, i) =>
                                new Zone(region.Region, $"{region.Region}{letter}", $"{region.Short}-az{i + 1}")
                        ),
                    ]
        );

    public static IReadOnlyList<Zone> Zones(string region) => Regions[region];
}
