using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Util;

namespace Threeport.StandIns;

/// <summary>Gives each request the address that the client's rules find for its region and options.</summary>
internal sealed class EndpointResolver : BaseEndpointResolver
{
  /// <summary>Where a request would go, without sending it.</summary>
  public static Endpoint Determine(ClientConfig config, ServiceOperationEndpointParameters parameters)
  {
    var request = new DefaultRequest(parameters.Request, config.ServiceId)
    {
      AlternateEndpoint = parameters.AlternateEndpoint,
    };
    var context = new RequestContext(false)
    {
      ClientConfig = config,
      OriginalRequest = parameters.Request,
      Request = request,
    };
    return new EndpointResolver().GetEndpoint(new Amazon.Runtime.Internal.ExecutionContext(context, null));
  }

  protected override void ServiceSpecificHandler(IExecutionContext executionContext, EndpointParameters parameters) =>
    InjectHostPrefix(executionContext.RequestContext);

  protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext)
  {
    var config = requestContext.ClientConfig;
    return new EndpointParameters
    {
      ["Region"] = requestContext.Request.AlternateEndpoint?.SystemName ?? Region(config),
      ["UseDualStack"] = config.UseDualstackEndpoint,
      ["UseFIPS"] = config.UseFIPSEndpoint,
      ["Endpoint"] = config.ServiceURL,
    };
  }

  private static string? Region(IClientConfig config)
  {
    if (config.RegionEndpoint is { } region)
    {
      return region.SystemName;
    }

    if (string.IsNullOrEmpty(config.ServiceURL))
    {
      return null;
    }

    return string.IsNullOrEmpty(config.AuthenticationRegion)
      ? RegionEndpoint.GetBySystemName(AWSSDKUtils.DetermineRegion(config.ServiceURL)).SystemName
      : config.AuthenticationRegion;
  }
}
