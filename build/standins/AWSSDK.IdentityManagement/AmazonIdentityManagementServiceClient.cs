using System.Runtime.CompilerServices;
using Amazon.IdentityManagement.Model;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Threeport.StandIns;

namespace Amazon.IdentityManagement;

/// <summary>Stands in for the client of the official package: see build/standins/README.md.</summary>
public partial class AmazonIdentityManagementServiceClient : AmazonServiceClient, IAmazonIdentityManagementService
{
  public AmazonIdentityManagementServiceClient()
    : base(new AmazonIdentityManagementServiceConfig()) { }

  public AmazonIdentityManagementServiceClient(RegionEndpoint region)
    : base(new AmazonIdentityManagementServiceConfig { RegionEndpoint = region }) { }

  public AmazonIdentityManagementServiceClient(AmazonIdentityManagementServiceConfig config)
    : base(config) { }

  public AmazonIdentityManagementServiceClient(AWSCredentials credentials)
    : this(credentials, new AmazonIdentityManagementServiceConfig()) { }

  public AmazonIdentityManagementServiceClient(AWSCredentials credentials, RegionEndpoint region)
    : this(credentials, new AmazonIdentityManagementServiceConfig { RegionEndpoint = region }) { }

  public AmazonIdentityManagementServiceClient(
    AWSCredentials credentials,
    AmazonIdentityManagementServiceConfig clientConfig
  )
    : base(credentials, clientConfig) { }

  public AmazonIdentityManagementServiceClient(string awsAccessKeyId, string awsSecretAccessKey)
    : this(awsAccessKeyId, awsSecretAccessKey, new AmazonIdentityManagementServiceConfig()) { }

  public AmazonIdentityManagementServiceClient(string awsAccessKeyId, string awsSecretAccessKey, RegionEndpoint region)
    : this(awsAccessKeyId, awsSecretAccessKey, new AmazonIdentityManagementServiceConfig { RegionEndpoint = region })
  { }

  public AmazonIdentityManagementServiceClient(
    string awsAccessKeyId,
    string awsSecretAccessKey,
    AmazonIdentityManagementServiceConfig clientConfig
  )
    : base(awsAccessKeyId, awsSecretAccessKey, clientConfig) { }

  public AmazonIdentityManagementServiceClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken)
    : this(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, new AmazonIdentityManagementServiceConfig()) { }

  public AmazonIdentityManagementServiceClient(
    string awsAccessKeyId,
    string awsSecretAccessKey,
    string awsSessionToken,
    RegionEndpoint region
  )
    : this(
      awsAccessKeyId,
      awsSecretAccessKey,
      awsSessionToken,
      new AmazonIdentityManagementServiceConfig { RegionEndpoint = region }
    ) { }

  public AmazonIdentityManagementServiceClient(
    string awsAccessKeyId,
    string awsSecretAccessKey,
    string awsSessionToken,
    AmazonIdentityManagementServiceConfig clientConfig
  )
    : base(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, clientConfig) { }

  protected override IServiceMetadata ServiceMetadata { get; } = new ServiceMetadata("IAM");

  public Endpoint DetermineServiceOperationEndpoint(AmazonWebServiceRequest request) =>
    Config.DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(request));

  protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline) => Pipeline.Customize(pipeline);

  private Task<TResponse> CallAsync<TRequest, TResponse>(
    TRequest request,
    CancellationToken cancellationToken,
    [CallerMemberName] string method = ""
  )
    where TRequest : AmazonIdentityManagementServiceRequest
    where TResponse : AmazonWebServiceResponse, new()
  {
    var action = method[..^"Async".Length];
    var options = new InvokeOptions
    {
      RequestMarshaller = new Query<TRequest>(action),
      ResponseUnmarshaller = new QueryAnswer<TResponse>(action),
    };
    return InvokeAsync<TResponse>(request, options, cancellationToken);
  }
}
