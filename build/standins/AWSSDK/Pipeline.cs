using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Threeport.StandIns;

/// <summary>What makes a client of the core's: the handlers of a request, the modes of its defaults, its name.</summary>
internal static class Pipeline
{
  /// <summary>After the request is written: the scheme of its signature, then its address.</summary>
  public static void Customize(RuntimePipeline pipeline)
  {
    pipeline.RemoveHandler<Amazon.Runtime.Internal.EndpointResolver>();
    pipeline.AddHandlerAfter<Marshaller>(new EndpointResolver());
    pipeline.AddHandlerAfter<Marshaller>(new SignatureScheme());
  }

  /// <summary>The time-outs of each mode, the same for all services.</summary>
  public static IDefaultConfigurationProvider Defaults { get; } =
    new DefaultConfigurationProvider([
      Mode(DefaultConfigurationMode.Standard, 3100),
      Mode(DefaultConfigurationMode.InRegion, 1100),
      Mode(DefaultConfigurationMode.CrossRegion, 3100),
      Mode(DefaultConfigurationMode.Mobile, 30000),
      Mode(DefaultConfigurationMode.Auto, 1100),
    ]);

  private static DefaultConfiguration Mode(DefaultConfigurationMode name, int milliseconds) =>
    new()
    {
      Name = name,
      RetryMode = RequestRetryMode.Standard,
      S3UsEast1RegionalEndpoint = S3UsEast1RegionalEndpointValue.Regional,
      ConnectTimeout = TimeSpan.FromMilliseconds(milliseconds),
      TlsNegotiationTimeout = TimeSpan.FromMilliseconds(milliseconds),
    };
}

internal sealed class ServiceMetadata(string id) : IServiceMetadata
{
  public string ServiceId => id;

  public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();
}
