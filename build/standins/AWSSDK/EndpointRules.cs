using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal.Endpoints.StandardLibrary;

namespace Threeport.StandIns;

/// <summary>
/// Where a service is: at the URL that was configured, in code, in the environment or in a profile, else where its rules
/// say for the region's partition.
/// </summary>
internal abstract class EndpointRules : IEndpointProvider
{
  public Endpoint ResolveEndpoint(EndpointParameters parameters)
  {
    var fips = parameters["UseFIPS"] is true;
    var dualStack = parameters["UseDualStack"] is true;
    if (parameters["Endpoint"] is string { Length: > 0 } url)
    {
      return fips || dualStack
        ? throw new AmazonClientException("Invalid Configuration: a custom endpoint has neither FIPS nor dual stack.")
        : new Endpoint(url);
    }

    if (parameters["Region"] is not string { Length: > 0 } region || Fn.Partition(region) is not { } partition)
    {
      throw new AmazonClientException("Invalid Configuration: Missing Region");
    }

    if ((fips && !partition.supportsFIPS) || (dualStack && !partition.supportsDualStack))
    {
      throw new AmazonClientException(
        $"FIPS or dual stack is enabled, which partition {partition.name} does not support."
      );
    }

    return Resolve(region, partition, fips, dualStack);
  }

  protected abstract Endpoint Resolve(string region, Partition partition, bool fips, bool dualStack);
}
