using System.Net;
using Amazon.Runtime;

namespace Amazon.IdentityManagement;

/// <summary>An error that the service answered with.</summary>
public class AmazonIdentityManagementServiceException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonServiceException(message, innerException, errorType, errorCode, requestId, statusCode);
