using Amazon.EKS.Model;
using Threeport.StandIns;

namespace Amazon.EKS;

/// <summary>Which exception an error of the service is.</summary>
internal static class EksErrors
{
  public static AmazonEKSException Exception(Failure failure)
  {
    var (message, inner, type, code, id, status) = (
      failure.Message,
      failure.Inner,
      failure.Type,
      failure.Code,
      failure.RequestId,
      failure.Status
    );
    AmazonEKSException exception = code switch
    {
      "BadRequestException" => new BadRequestException(message, inner, type, code, id, status),
      "ClientException" => new ClientException(message, inner, type, code, id, status),
      "InvalidParameterException" => new InvalidParameterException(message, inner, type, code, id, status),
      "InvalidRequestException" => new InvalidRequestException(message, inner, type, code, id, status),
      "InvalidStateException" => new InvalidStateException(message, inner, type, code, id, status),
      "NotFoundException" => new NotFoundException(message, inner, type, code, id, status),
      "ResourceInUseException" => new ResourceInUseException(message, inner, type, code, id, status),
      "ResourceLimitExceededException" => new ResourceLimitExceededException(message, inner, type, code, id, status),
      "ResourceNotFoundException" => new ResourceNotFoundException(message, inner, type, code, id, status),
      "ResourcePropagationDelayException" => new ResourcePropagationDelayException(
        message,
        inner,
        type,
        code,
        id,
        status
      ),
      "ServerException" => new ServerException(message, inner, type, code, id, status),
      "ServiceUnavailableException" => new ServiceUnavailableException(message, inner, type, code, id, status),
      "ThrottlingException" => new ThrottlingException(message, inner, type, code, id, status),
      "UnsupportedAvailabilityZoneException" => new UnsupportedAvailabilityZoneException(
        message,
        inner,
        type,
        code,
        id,
        status
      ),
      _ => new AmazonEKSException(message, inner, type, code, id, status),
    };
    return exception.With(failure);
  }
}
