using Amazon.Runtime;

namespace Amazon.EKS.Model;

public class CreateAddonRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? AddonName { get; set; }

  public string? AddonVersion { get; set; }

  public string? ServiceAccountRoleArn { get; set; }

  public ResolveConflicts? ResolveConflicts { get; set; }

  public string? ClientRequestToken { get; set; }

  public Dictionary<string, string>? Tags { get; set; }

  public string? ConfigurationValues { get; set; }

  public List<AddonPodIdentityAssociations>? PodIdentityAssociations { get; set; }

  public AddonNamespaceConfigRequest? NamespaceConfig { get; set; }
}

public class CreateAddonResponse : AmazonWebServiceResponse
{
  public Addon? Addon { get; set; }
}

public class DescribeAddonRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? AddonName { get; set; }
}

public class DescribeAddonResponse : AmazonWebServiceResponse
{
  public Addon? Addon { get; set; }
}

public class ListAddonsRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public int? MaxResults { get; set; }

  public string? NextToken { get; set; }
}

public class ListAddonsResponse : AmazonWebServiceResponse
{
  public List<string>? Addons { get; set; }

  public string? NextToken { get; set; }
}

public class DeleteAddonRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? AddonName { get; set; }

  public bool? Preserve { get; set; }
}

public class DeleteAddonResponse : AmazonWebServiceResponse
{
  public Addon? Addon { get; set; }
}

public class UpdateAddonRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? AddonName { get; set; }

  public string? AddonVersion { get; set; }

  public string? ServiceAccountRoleArn { get; set; }

  public ResolveConflicts? ResolveConflicts { get; set; }

  public string? ClientRequestToken { get; set; }

  public string? ConfigurationValues { get; set; }

  public List<AddonPodIdentityAssociations>? PodIdentityAssociations { get; set; }
}

public class UpdateAddonResponse : AmazonWebServiceResponse
{
  public Update? Update { get; set; }
}

public class DescribeAddonVersionsRequest : AmazonEKSRequest
{
  public string? KubernetesVersion { get; set; }

  public int? MaxResults { get; set; }

  public string? NextToken { get; set; }

  public string? AddonName { get; set; }

  public List<string>? Types { get; set; }

  public List<string>? Publishers { get; set; }

  public List<string>? Owners { get; set; }
}

public class DescribeAddonVersionsResponse : AmazonWebServiceResponse
{
  public List<AddonInfo>? Addons { get; set; }

  public string? NextToken { get; set; }
}
