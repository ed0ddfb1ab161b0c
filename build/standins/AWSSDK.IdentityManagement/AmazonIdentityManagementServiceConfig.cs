using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Util.Internal;
using Threeport.StandIns;

namespace Amazon.IdentityManagement;

public class AmazonIdentityManagementServiceConfig : ClientConfig
{
  internal const string ApiVersion = "2010-05-08";

  private static readonly string Agent = InternalSDKUtils.BuildUserAgentString("IAM", "4.0.103.6");

  public AmazonIdentityManagementServiceConfig()
    : base(Pipeline.Defaults)
  {
    base.ServiceId = ServiceId;
    AuthenticationServiceName = "iam";
    EndpointProvider = new IamEndpointRules();
  }

  public static new string ServiceId => "IAM";

  public override string RegionEndpointServiceName => "iam";

  public override string ServiceVersion => ApiVersion;

  public override string UserAgent => Agent;

  public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
    EndpointResolver.Determine(this, parameters);
}
