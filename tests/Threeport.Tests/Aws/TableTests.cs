using Threeport.Modules.Aws;
using Threeport.Modules.Aws.Tables;
using Threeport.Runtime;

namespace Threeport.Tests.Aws;

public sealed class TableTests
{
    [TestCase("Local", "us-east-1")]
    [TestCase("NorthAmerica:NewYork", "us-east-1")]
    [TestCase("NorthAmerica:LosAngeles", "us-west-1")]
    [TestCase("Oceana:Sydney", "ap-southeast-2")]
    [TestCase("Oceania:Sydney", "ap-southeast-2")]
    [TestCase("Europe:Paris", "eu-west-3")]
    [TestCase("Africa:CapeTown", "af-south-1")]
    [TestCase("Mars", null)]
    public void A_place_is_a_region(string location, string? region) =>
        Assert.That(Regions.Of(location), Is.EqualTo(region));

    [Test]
    public void Each_region_has_one_place_and_the_first_of_them_is_not_called_local()
    {
        Assert.That(Regions.LocationOf("us-east-1"), Is.EqualTo("NorthAmerica:NewYork"));
        Assert.That(Regions.LocationOf("ap-southeast-7"), Is.Null);
        var regions = Regions.Locations.Select(static l => Regions.Of(l)!).ToHashSet();
        Assert.That(regions.Select(Regions.LocationOf), Has.None.Null);
        Assert.That(regions, Has.Count.EqualTo(27));
    }

    [TestCase("us-east-1", true)]
    [TestCase("us-gov-west-1", true)]
    [TestCase("ap-southeast-7", true)]
    [TestCase("eu-isoe-west-1", true)]
    [TestCase("europe", false)]
    [TestCase("eu-central-1.example.com", false)]
    [TestCase(null, false)]
    public void A_region_is_told_by_its_looks(string? region, bool valid) =>
        Assert.That(Regions.IsRegion(region), Is.EqualTo(valid));

    [TestCase("Balanced", "2XSmall", "t3.nano")]
    [TestCase("Balanced", "4XLarge", "m7i.8xlarge")]
    [TestCase("ComputeOptimized", "Small", "c7i.large")]
    [TestCase("ComputeOptimized", "4XLarge", "c7i.12xlarge")]
    [TestCase("MemoryOptimized", "Medium", "r6i.large")]
    [TestCase("MemoryOptimized", "Large", "r6i.xlarge")]
    [TestCase("MemoryOptimized", "4XLarge", "r6i.12xlarge")]
    [TestCase("MemoryOptimized", "Small", null)]
    public void A_size_of_a_profile_is_an_instance_type(string profile, string size, string? type) =>
        Assert.That(NodeTypes.Of(profile, size), Is.EqualTo(type));

    [TestCase("t3.medium", "AL2023_x86_64_STANDARD")]
    [TestCase("c7i.large", "AL2023_x86_64_STANDARD")]
    [TestCase("g5.xlarge", "AL2023_x86_64_STANDARD")]
    [TestCase("c7g.large", "AL2023_ARM_64_STANDARD")]
    [TestCase("c7gn.xlarge", "AL2023_ARM_64_STANDARD")]
    [TestCase("t4g.small", "AL2023_ARM_64_STANDARD")]
    [TestCase("a1.large", "AL2023_ARM_64_STANDARD")]
    [TestCase("x2gd.medium", "AL2023_ARM_64_STANDARD")]
    public void The_image_of_nodes_is_that_of_their_processor(string type, string image) =>
        Assert.That(NodeTypes.AmiTypeOf(type), Is.EqualTo(image));

    [Test]
    public void What_no_type_stands_behind_is_refused_with_what_there_is()
    {
        var provider = new EksProvider();
        var shape = new ClusterShape
        {
            Definition = "d",
            NodeSize = "Small",
            NodeProfile = "MemoryOptimized",
        };
        Assert.That(
            provider.Refuse(shape),
            Is.EqualTo(
                "MemoryOptimized has no size Small at eks, but Medium, Large, XLarge, 2XLarge, 3XLarge, 4XLarge."
            )
        );
        Assert.That(provider.Refuse(shape with { NodeSize = "Large" }), Is.Null);
    }
}
