using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Util.Internal;
using Threeport.StandIns;

namespace Amazon.EKS;

public class AmazonEKSConfig : ClientConfig
{
  internal const string ApiVersion = "2017-11-01";

  private static readonly string Agent = InternalSDKUtils.BuildUserAgentString("EKS", "4.0.107");

  public AmazonEKSConfig()
    : base(Pipeline.Defaults)
  {
    base.ServiceId = ServiceId;
    AuthenticationServiceName = "eks";
    EndpointProvider = new EksEndpointRules();
  }

  public static new string ServiceId => "EKS";

  public override string RegionEndpointServiceName => "eks";

  public override string ServiceVersion => ApiVersion;

  public override string UserAgent => Agent;

  public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
    EndpointResolver.Determine(this, parameters);
}
