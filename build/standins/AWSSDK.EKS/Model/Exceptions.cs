using System.Net;
using Amazon.Runtime;
using Threeport.StandIns;

namespace Amazon.EKS.Model;

public class BadRequestException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonEKSException(message, innerException, errorType, errorCode, requestId, statusCode);

public class ClientException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonEKSException(message, innerException, errorType, errorCode, requestId, statusCode)
{
  public string? ClusterName { get; set; }

  public string? NodegroupName { get; set; }

  public string? AddonName { get; set; }

  public string? SubscriptionId { get; set; }

  private protected override void Read(Failure failure)
  {
    ClusterName = failure["clusterName"];
    NodegroupName = failure["nodegroupName"];
    AddonName = failure["addonName"];
    SubscriptionId = failure["subscriptionId"];
  }
}

public class InvalidParameterException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonEKSException(message, innerException, errorType, errorCode, requestId, statusCode)
{
  public string? ClusterName { get; set; }

  public string? NodegroupName { get; set; }

  public string? FargateProfileName { get; set; }

  public string? AddonName { get; set; }

  public string? SubscriptionId { get; set; }

  private protected override void Read(Failure failure)
  {
    ClusterName = failure["clusterName"];
    NodegroupName = failure["nodegroupName"];
    FargateProfileName = failure["fargateProfileName"];
    AddonName = failure["addonName"];
    SubscriptionId = failure["subscriptionId"];
  }
}

public class InvalidRequestException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonEKSException(message, innerException, errorType, errorCode, requestId, statusCode)
{
  public string? ClusterName { get; set; }

  public string? NodegroupName { get; set; }

  public string? AddonName { get; set; }

  public string? SubscriptionId { get; set; }

  private protected override void Read(Failure failure)
  {
    ClusterName = failure["clusterName"];
    NodegroupName = failure["nodegroupName"];
    AddonName = failure["addonName"];
    SubscriptionId = failure["subscriptionId"];
  }
}

public class InvalidStateException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonEKSException(message, innerException, errorType, errorCode, requestId, statusCode)
{
  public string? ClusterName { get; set; }

  private protected override void Read(Failure failure)
  {
    ClusterName = failure["clusterName"];
  }
}

public class NotFoundException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonEKSException(message, innerException, errorType, errorCode, requestId, statusCode);

public class ResourceInUseException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonEKSException(message, innerException, errorType, errorCode, requestId, statusCode)
{
  public string? ClusterName { get; set; }

  public string? NodegroupName { get; set; }

  public string? AddonName { get; set; }

  private protected override void Read(Failure failure)
  {
    ClusterName = failure["clusterName"];
    NodegroupName = failure["nodegroupName"];
    AddonName = failure["addonName"];
  }
}

public class ResourceLimitExceededException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonEKSException(message, innerException, errorType, errorCode, requestId, statusCode)
{
  public string? ClusterName { get; set; }

  public string? NodegroupName { get; set; }

  public string? SubscriptionId { get; set; }

  private protected override void Read(Failure failure)
  {
    ClusterName = failure["clusterName"];
    NodegroupName = failure["nodegroupName"];
    SubscriptionId = failure["subscriptionId"];
  }
}

public class ResourceNotFoundException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonEKSException(message, innerException, errorType, errorCode, requestId, statusCode)
{
  public string? ClusterName { get; set; }

  public string? NodegroupName { get; set; }

  public string? FargateProfileName { get; set; }

  public string? AddonName { get; set; }

  public string? SubscriptionId { get; set; }

  private protected override void Read(Failure failure)
  {
    ClusterName = failure["clusterName"];
    NodegroupName = failure["nodegroupName"];
    FargateProfileName = failure["fargateProfileName"];
    AddonName = failure["addonName"];
    SubscriptionId = failure["subscriptionId"];
  }
}

public class ResourcePropagationDelayException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonEKSException(message, innerException, errorType, errorCode, requestId, statusCode);

public class ServerException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonEKSException(message, innerException, errorType, errorCode, requestId, statusCode)
{
  public string? ClusterName { get; set; }

  public string? NodegroupName { get; set; }

  public string? AddonName { get; set; }

  public string? SubscriptionId { get; set; }

  private protected override void Read(Failure failure)
  {
    ClusterName = failure["clusterName"];
    NodegroupName = failure["nodegroupName"];
    AddonName = failure["addonName"];
    SubscriptionId = failure["subscriptionId"];
  }
}

public class ServiceUnavailableException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonEKSException(message, innerException, errorType, errorCode, requestId, statusCode);

public class ThrottlingException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonEKSException(message, innerException, errorType, errorCode, requestId, statusCode)
{
  public string? ClusterName { get; set; }

  private protected override void Read(Failure failure)
  {
    ClusterName = failure["clusterName"];
  }
}

public class UnsupportedAvailabilityZoneException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonEKSException(message, innerException, errorType, errorCode, requestId, statusCode)
{
  public string? ClusterName { get; set; }

  public string? NodegroupName { get; set; }

  public List<string>? ValidZones { get; set; }

  private protected override void Read(Failure failure)
  {
    ClusterName = failure["clusterName"];
    NodegroupName = failure["nodegroupName"];
    ValidZones = failure.Texts("validZones");
  }
}
