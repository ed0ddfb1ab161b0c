using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal.Endpoints.StandardLibrary;
using Threeport.StandIns;

namespace Amazon.IdentityManagement;

/// <summary>IAM is one per partition: one address, and one region that requests are signed for wherever the client is.</summary>
internal sealed class IamEndpointRules : EndpointRules
{
  protected override Endpoint Resolve(string region, Partition partition, bool fips, bool dualStack)
  {
    var host = dualStack ? DualStackHost(partition, fips) : Host(partition, fips);
    var signing =
      $$"""{"authSchemes":[{"name":"sigv4","signingName":"iam","signingRegion":"{{SigningRegion(partition)}}"}]}""";
    return new Endpoint($"https://{host}", signing, "");
  }

  private static string SigningRegion(Partition partition) =>
    partition.name switch
    {
      "aws" => "us-east-1",
      "aws-cn" => "cn-north-1",
      "aws-us-gov" => "us-gov-west-1",
      _ => partition.implicitGlobalRegion,
    };

  private static string Host(Partition partition, bool fips) =>
    (partition.name, fips) switch
    {
      ("aws", false) => "iam.amazonaws.com",
      ("aws", true) => "iam-fips.amazonaws.com",
      ("aws-us-gov", _) => "iam.us-gov.amazonaws.com",
      (_, true) => $"iam-fips.{SigningRegion(partition)}.{partition.dnsSuffix}",
      _ => $"iam.{SigningRegion(partition)}.{partition.dnsSuffix}",
    };

  private static string DualStackHost(Partition partition, bool fips) =>
    (partition.name, fips) switch
    {
      ("aws-us-gov", _) => "iam.us-gov.api.aws",
      ("aws", true) => "iam-fips.global.api.aws",
      ("aws" or "aws-cn", false) => $"iam.global.{partition.dualStackDnsSuffix}",
      (_, true) => $"iam-fips.{partition.dualStackDnsSuffix}",
      _ => $"iam.{partition.dualStackDnsSuffix}",
    };
}
