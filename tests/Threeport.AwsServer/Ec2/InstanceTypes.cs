namespace Threeport.AwsServer.Ec2;

/// <summary>A type of instance, as far as choosing one needs.</summary>
internal sealed record InstanceType(string Name, int Cpus, int MemoryMiB, string Architecture, bool IsBurstable);

/// <summary>The types there are: the same in each region and zone.</summary>
internal static class InstanceTypes
{
    public static IReadOnlyDictionary<string, InstanceType> All { get; } =
        Burstable().Concat(Fixed()).ToDictionary(static type => type.Name);

    private static IEnumerable<InstanceType> Burstable() =>
        from family in new (string Name, bool Arm)[] { ("t2", false), ("t3", false), ("t3a", false), ("t4g", true) }
        from size in new (string Name, int Cpus, int Memory)[]
        {
            ("nano", 2, 512),
            ("micro", 2, 1024),
            ("small", 2, 2048),
            ("medium", 2, 4096),
            ("large", 2, 8192),
            ("xlarge", 4, 16384),
            ("2xlarge", 8, 32768),
        }
        select new InstanceType(
            $"{family.Name}.{size.Name}",
            family.Name == "t2" && size.Cpus == 2 && size.Memory < 4096 ? 1 : size.Cpus,
            size.Memory,
            family.Arm ? "arm64" : "x86_64",
            IsBurstable: true
        );

    private static IEnumerable<InstanceType> Fixed() =>
        from family in new (string Name, int GiB, bool Arm)[]
        {
            ("m5", 4, false),
            ("m5a", 4, false),
            ("m6i", 4, false),
            ("m6a", 4, false),
            ("m6g", 4, true),
            ("m7i", 4, false),
            ("m7g", 4, true),
            ("c5", 2, false),
            ("c6i", 2, false),
            ("c6g", 2, true),
            ("c7i", 2, false),
            ("c7g", 2, true),
            ("r5", 8, false),
            ("r6i", 8, false),
            ("r6g", 8, true),
            ("r7i", 8, false),
            ("r7g", 8, true),
        }
        from size in new (string Name, int Cpus)[]
        {
            ("medium", 1),
            ("large", 2),
            ("xlarge", 4),
            ("2xlarge", 8),
            ("4xlarge", 16),
            ("8xlarge", 32),
            ("12xlarge", 48),
            ("16xlarge", 64),
            ("24xlarge", 96),
        }
        where size.Cpus > 1 || family.Arm
        select new InstanceType(
            $"{family.Name}.{size.Name}",
            size.Cpus,
            size.Cpus * family.GiB * 1024,
            family.Arm ? "arm64" : "x86_64",
            IsBurstable: false
        );
}
