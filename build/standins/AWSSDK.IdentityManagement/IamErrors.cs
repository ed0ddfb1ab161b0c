using Amazon.IdentityManagement.Model;
using Threeport.StandIns;

namespace Amazon.IdentityManagement;

/// <summary>Which exception an error of the service is.</summary>
internal static class IamErrors
{
  public static AmazonIdentityManagementServiceException Exception(Failure failure)
  {
    var (message, inner, type, code, id, status) = (
      failure.Message,
      failure.Inner,
      failure.Type,
      failure.Code,
      failure.RequestId,
      failure.Status
    );
    AmazonIdentityManagementServiceException exception = code switch
    {
      "ConcurrentModification" => new ConcurrentModificationException(message, inner, type, code, id, status),
      "DeleteConflict" => new DeleteConflictException(message, inner, type, code, id, status),
      "EntityAlreadyExists" => new EntityAlreadyExistsException(message, inner, type, code, id, status),
      "InvalidInput" => new InvalidInputException(message, inner, type, code, id, status),
      "LimitExceeded" => new LimitExceededException(message, inner, type, code, id, status),
      "MalformedPolicyDocument" => new MalformedPolicyDocumentException(message, inner, type, code, id, status),
      "NoSuchEntity" => new NoSuchEntityException(message, inner, type, code, id, status),
      "OpenIdIdpCommunicationError" => new OpenIdIdpCommunicationErrorException(message, inner, type, code, id, status),
      "PolicyEvaluation" => new PolicyEvaluationException(message, inner, type, code, id, status),
      "PolicyNotAttachable" => new PolicyNotAttachableException(message, inner, type, code, id, status),
      "ServiceFailure" => new ServiceFailureException(message, inner, type, code, id, status),
      "UnmodifiableEntity" => new UnmodifiableEntityException(message, inner, type, code, id, status),
      _ => new AmazonIdentityManagementServiceException(message, inner, type, code, id, status),
    };
    return exception;
  }
}
