using Amazon.Runtime;

namespace Amazon.IdentityManagement.Model;

public class AttachRolePolicyRequest : AmazonIdentityManagementServiceRequest
{
  public string? RoleName { get; set; }

  public string? PolicyArn { get; set; }
}

public class AttachRolePolicyResponse : AmazonWebServiceResponse;

public class DetachRolePolicyRequest : AmazonIdentityManagementServiceRequest
{
  public string? RoleName { get; set; }

  public string? PolicyArn { get; set; }
}

public class DetachRolePolicyResponse : AmazonWebServiceResponse;

public class ListAttachedRolePoliciesRequest : AmazonIdentityManagementServiceRequest
{
  public string? RoleName { get; set; }

  public string? PathPrefix { get; set; }

  public string? Marker { get; set; }

  public int? MaxItems { get; set; }
}

public class ListAttachedRolePoliciesResponse : AmazonWebServiceResponse
{
  public List<AttachedPolicyType>? AttachedPolicies { get; set; }

  public bool? IsTruncated { get; set; }

  public string? Marker { get; set; }
}

public class PutRolePolicyRequest : AmazonIdentityManagementServiceRequest
{
  public string? RoleName { get; set; }

  public string? PolicyName { get; set; }

  public string? PolicyDocument { get; set; }
}

public class PutRolePolicyResponse : AmazonWebServiceResponse;

public class GetRolePolicyRequest : AmazonIdentityManagementServiceRequest
{
  public string? RoleName { get; set; }

  public string? PolicyName { get; set; }
}

public class GetRolePolicyResponse : AmazonWebServiceResponse
{
  public string? RoleName { get; set; }

  public string? PolicyName { get; set; }

  public string? PolicyDocument { get; set; }
}

public class ListRolePoliciesRequest : AmazonIdentityManagementServiceRequest
{
  public string? RoleName { get; set; }

  public string? Marker { get; set; }

  public int? MaxItems { get; set; }
}

public class ListRolePoliciesResponse : AmazonWebServiceResponse
{
  public List<string>? PolicyNames { get; set; }

  public bool? IsTruncated { get; set; }

  public string? Marker { get; set; }
}

public class DeleteRolePolicyRequest : AmazonIdentityManagementServiceRequest
{
  public string? RoleName { get; set; }

  public string? PolicyName { get; set; }
}

public class DeleteRolePolicyResponse : AmazonWebServiceResponse;
