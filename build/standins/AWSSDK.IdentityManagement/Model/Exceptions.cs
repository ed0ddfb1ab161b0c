using System.Net;
using Amazon.Runtime;

namespace Amazon.IdentityManagement.Model;

public class ConcurrentModificationException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonIdentityManagementServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public class DeleteConflictException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonIdentityManagementServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public class EntityAlreadyExistsException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonIdentityManagementServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public class InvalidInputException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonIdentityManagementServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public class LimitExceededException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonIdentityManagementServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public class MalformedPolicyDocumentException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonIdentityManagementServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public class NoSuchEntityException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonIdentityManagementServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public class OpenIdIdpCommunicationErrorException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonIdentityManagementServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public class PolicyEvaluationException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonIdentityManagementServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public class PolicyNotAttachableException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonIdentityManagementServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public class ServiceFailureException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonIdentityManagementServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public class UnmodifiableEntityException(
  string message,
  Exception? innerException = null,
  ErrorType errorType = default,
  string? errorCode = null,
  string? requestId = null,
  HttpStatusCode statusCode = default
) : AmazonIdentityManagementServiceException(message, innerException, errorType, errorCode, requestId, statusCode);
