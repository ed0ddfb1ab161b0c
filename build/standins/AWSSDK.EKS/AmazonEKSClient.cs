using Amazon.EKS.Model;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Threeport.StandIns;

namespace Amazon.EKS;

/// <summary>Stands in for the client of the official package: see build/standins/README.md.</summary>
public partial class AmazonEKSClient : AmazonServiceClient, IAmazonEKS
{
  public AmazonEKSClient()
    : base(new AmazonEKSConfig()) { }

  public AmazonEKSClient(RegionEndpoint region)
    : base(new AmazonEKSConfig { RegionEndpoint = region }) { }

  public AmazonEKSClient(AmazonEKSConfig config)
    : base(config) { }

  public AmazonEKSClient(AWSCredentials credentials)
    : this(credentials, new AmazonEKSConfig()) { }

  public AmazonEKSClient(AWSCredentials credentials, RegionEndpoint region)
    : this(credentials, new AmazonEKSConfig { RegionEndpoint = region }) { }

  public AmazonEKSClient(AWSCredentials credentials, AmazonEKSConfig clientConfig)
    : base(credentials, clientConfig) { }

  public AmazonEKSClient(string awsAccessKeyId, string awsSecretAccessKey)
    : this(awsAccessKeyId, awsSecretAccessKey, new AmazonEKSConfig()) { }

  public AmazonEKSClient(string awsAccessKeyId, string awsSecretAccessKey, RegionEndpoint region)
    : this(awsAccessKeyId, awsSecretAccessKey, new AmazonEKSConfig { RegionEndpoint = region }) { }

  public AmazonEKSClient(string awsAccessKeyId, string awsSecretAccessKey, AmazonEKSConfig clientConfig)
    : base(awsAccessKeyId, awsSecretAccessKey, clientConfig) { }

  public AmazonEKSClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken)
    : this(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, new AmazonEKSConfig()) { }

  public AmazonEKSClient(
    string awsAccessKeyId,
    string awsSecretAccessKey,
    string awsSessionToken,
    RegionEndpoint region
  )
    : this(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, new AmazonEKSConfig { RegionEndpoint = region }) { }

  public AmazonEKSClient(
    string awsAccessKeyId,
    string awsSecretAccessKey,
    string awsSessionToken,
    AmazonEKSConfig clientConfig
  )
    : base(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, clientConfig) { }

  protected override IServiceMetadata ServiceMetadata { get; } = new ServiceMetadata("EKS");

  public Endpoint DetermineServiceOperationEndpoint(AmazonWebServiceRequest request) =>
    Config.DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(request));

  protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline) => Pipeline.Customize(pipeline);

  private Task<TResponse> CallAsync<TRequest, TResponse>(
    TRequest request,
    string verb,
    string path,
    CancellationToken cancellationToken
  )
    where TRequest : AmazonEKSRequest
    where TResponse : AmazonWebServiceResponse, new()
  {
    var options = new InvokeOptions
    {
      RequestMarshaller = new RestJson<TRequest>(verb, path),
      ResponseUnmarshaller = new RestJsonAnswer<TResponse>(),
    };
    return InvokeAsync<TResponse>(request, options, cancellationToken);
  }
}
