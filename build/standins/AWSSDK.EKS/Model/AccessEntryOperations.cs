using Amazon.Runtime;

namespace Amazon.EKS.Model;

public class CreateAccessEntryRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? PrincipalArn { get; set; }

  public List<string>? KubernetesGroups { get; set; }

  public Dictionary<string, string>? Tags { get; set; }

  public string? ClientRequestToken { get; set; }

  public string? Username { get; set; }

  public string? Type { get; set; }
}

public class CreateAccessEntryResponse : AmazonWebServiceResponse
{
  public AccessEntry? AccessEntry { get; set; }
}

public class DescribeAccessEntryRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? PrincipalArn { get; set; }
}

public class DescribeAccessEntryResponse : AmazonWebServiceResponse
{
  public AccessEntry? AccessEntry { get; set; }
}

public class ListAccessEntriesRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? AssociatedPolicyArn { get; set; }

  public int? MaxResults { get; set; }

  public string? NextToken { get; set; }
}

public class ListAccessEntriesResponse : AmazonWebServiceResponse
{
  public List<string>? AccessEntries { get; set; }

  public string? NextToken { get; set; }
}

public class DeleteAccessEntryRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? PrincipalArn { get; set; }
}

public class DeleteAccessEntryResponse : AmazonWebServiceResponse;

public class AssociateAccessPolicyRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? PrincipalArn { get; set; }

  public string? PolicyArn { get; set; }

  public AccessScope? AccessScope { get; set; }
}

public class AssociateAccessPolicyResponse : AmazonWebServiceResponse
{
  public string? ClusterName { get; set; }

  public string? PrincipalArn { get; set; }

  public AssociatedAccessPolicy? AssociatedAccessPolicy { get; set; }
}

public class ListAssociatedAccessPoliciesRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? PrincipalArn { get; set; }

  public int? MaxResults { get; set; }

  public string? NextToken { get; set; }
}

public class ListAssociatedAccessPoliciesResponse : AmazonWebServiceResponse
{
  public string? ClusterName { get; set; }

  public string? PrincipalArn { get; set; }

  public string? NextToken { get; set; }

  public List<AssociatedAccessPolicy>? AssociatedAccessPolicies { get; set; }
}
