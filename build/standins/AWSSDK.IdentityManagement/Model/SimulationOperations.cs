using Amazon.Runtime;

namespace Amazon.IdentityManagement.Model;

public class SimulatePrincipalPolicyRequest : AmazonIdentityManagementServiceRequest
{
  public string? PolicySourceArn { get; set; }

  public List<string>? PolicyInputList { get; set; }

  public List<string>? PermissionsBoundaryPolicyInputList { get; set; }

  public List<string>? ActionNames { get; set; }

  public List<string>? ResourceArns { get; set; }

  public string? ResourcePolicy { get; set; }

  public string? ResourceOwner { get; set; }

  public string? CallerArn { get; set; }

  public List<ContextEntry>? ContextEntries { get; set; }

  public string? ResourceHandlingOption { get; set; }

  public int? MaxItems { get; set; }

  public string? Marker { get; set; }
}

public class SimulatePrincipalPolicyResponse : AmazonWebServiceResponse
{
  public List<EvaluationResult>? EvaluationResults { get; set; }

  public bool? IsTruncated { get; set; }

  public string? Marker { get; set; }
}
