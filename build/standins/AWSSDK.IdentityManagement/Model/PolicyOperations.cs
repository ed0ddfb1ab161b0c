using Amazon.Runtime;

namespace Amazon.IdentityManagement.Model;

public class CreatePolicyRequest : AmazonIdentityManagementServiceRequest
{
  public string? PolicyName { get; set; }

  public string? Path { get; set; }

  public string? PolicyDocument { get; set; }

  public string? Description { get; set; }

  public List<Tag>? Tags { get; set; }
}

public class CreatePolicyResponse : AmazonWebServiceResponse
{
  public ManagedPolicy? Policy { get; set; }
}

public class GetPolicyRequest : AmazonIdentityManagementServiceRequest
{
  public string? PolicyArn { get; set; }
}

public class GetPolicyResponse : AmazonWebServiceResponse
{
  public ManagedPolicy? Policy { get; set; }
}

public class ListPoliciesRequest : AmazonIdentityManagementServiceRequest
{
  public PolicyScopeType? Scope { get; set; }

  public bool? OnlyAttached { get; set; }

  public string? PathPrefix { get; set; }

  public PolicyUsageType? PolicyUsageFilter { get; set; }

  public string? Marker { get; set; }

  public int? MaxItems { get; set; }
}

public class ListPoliciesResponse : AmazonWebServiceResponse
{
  public List<ManagedPolicy>? Policies { get; set; }

  public bool? IsTruncated { get; set; }

  public string? Marker { get; set; }
}

public class DeletePolicyRequest : AmazonIdentityManagementServiceRequest
{
  public string? PolicyArn { get; set; }
}

public class DeletePolicyResponse : AmazonWebServiceResponse;

public class TagPolicyRequest : AmazonIdentityManagementServiceRequest
{
  public string? PolicyArn { get; set; }

  public List<Tag>? Tags { get; set; }
}

public class TagPolicyResponse : AmazonWebServiceResponse;
