using Amazon.Runtime;

namespace Amazon.EKS.Model;

public class CreatePodIdentityAssociationRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? Namespace { get; set; }

  public string? ServiceAccount { get; set; }

  public string? RoleArn { get; set; }

  public string? ClientRequestToken { get; set; }

  public Dictionary<string, string>? Tags { get; set; }

  public bool? DisableSessionTags { get; set; }

  public string? TargetRoleArn { get; set; }

  public string? Policy { get; set; }
}

public class CreatePodIdentityAssociationResponse : AmazonWebServiceResponse
{
  public PodIdentityAssociation? Association { get; set; }
}

public class DescribePodIdentityAssociationRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? AssociationId { get; set; }
}

public class DescribePodIdentityAssociationResponse : AmazonWebServiceResponse
{
  public PodIdentityAssociation? Association { get; set; }
}

public class ListPodIdentityAssociationsRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? Namespace { get; set; }

  public string? ServiceAccount { get; set; }

  public int? MaxResults { get; set; }

  public string? NextToken { get; set; }
}

public class ListPodIdentityAssociationsResponse : AmazonWebServiceResponse
{
  public List<PodIdentityAssociationSummary>? Associations { get; set; }

  public string? NextToken { get; set; }
}

public class DeletePodIdentityAssociationRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? AssociationId { get; set; }
}

public class DeletePodIdentityAssociationResponse : AmazonWebServiceResponse
{
  public PodIdentityAssociation? Association { get; set; }
}
