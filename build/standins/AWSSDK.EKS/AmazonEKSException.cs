using System.Net;
using Amazon.Runtime;
using Threeport.StandIns;

namespace Amazon.EKS;

/// <summary>An error that the service answered with.</summary>
public class AmazonEKSException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonServiceException(message, innerException, errorType, errorCode, requestId, statusCode)
{
  internal AmazonEKSException With(Failure failure)
  {
    Read(failure);
    return this;
  }

  private protected virtual void Read(Failure failure) { }
}
