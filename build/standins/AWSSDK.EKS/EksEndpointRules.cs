using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal.Endpoints.StandardLibrary;
using Threeport.StandIns;

namespace Amazon.EKS;

/// <summary>EKS is regional; the names of its FIPS endpoints differ from partition to partition.</summary>
internal sealed class EksEndpointRules : EndpointRules
{
  protected override Endpoint Resolve(string region, Partition partition, bool fips, bool dualStack) =>
    new($"https://{Host(region, partition, fips, dualStack)}");

  private static string Host(string region, Partition partition, bool fips, bool dualStack) =>
    (fips, dualStack, partition.name) switch
    {
      (true, true, _) => $"eks-fips.{region}.{partition.dualStackDnsSuffix}",
      (false, true, _) => $"eks.{region}.{partition.dualStackDnsSuffix}",
      (true, false, "aws") => $"fips.eks.{region}.amazonaws.com",
      (true, false, "aws-us-gov") => $"eks.{region}.amazonaws.com",
      (true, false, _) => $"eks-fips.{region}.{partition.dnsSuffix}",
      _ => $"eks.{region}.{partition.dnsSuffix}",
    };
}
