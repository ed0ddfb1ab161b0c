using Amazon.Runtime;

namespace Amazon.EKS.Model;

public class CreateClusterRequest : AmazonEKSRequest
{
  public string? Name { get; set; }

  public string? Version { get; set; }

  public string? RoleArn { get; set; }

  public VpcConfigRequest? ResourcesVpcConfig { get; set; }

  public KubernetesNetworkConfigRequest? KubernetesNetworkConfig { get; set; }

  public Logging? Logging { get; set; }

  public string? ClientRequestToken { get; set; }

  public Dictionary<string, string>? Tags { get; set; }

  public List<EncryptionConfig>? EncryptionConfig { get; set; }

  public OutpostConfigRequest? OutpostConfig { get; set; }

  public CreateAccessConfigRequest? AccessConfig { get; set; }

  public bool? BootstrapSelfManagedAddons { get; set; }

  public UpgradePolicyRequest? UpgradePolicy { get; set; }

  public ZonalShiftConfigRequest? ZonalShiftConfig { get; set; }

  public RemoteNetworkConfigRequest? RemoteNetworkConfig { get; set; }

  public ComputeConfigRequest? ComputeConfig { get; set; }

  public StorageConfigRequest? StorageConfig { get; set; }

  public bool? DeletionProtection { get; set; }

  public ControlPlaneScalingConfig? ControlPlaneScalingConfig { get; set; }
}

public class CreateClusterResponse : AmazonWebServiceResponse
{
  public Cluster? Cluster { get; set; }
}

public class DescribeClusterRequest : AmazonEKSRequest
{
  public string? Name { get; set; }
}

public class DescribeClusterResponse : AmazonWebServiceResponse
{
  public Cluster? Cluster { get; set; }
}

public class ListClustersRequest : AmazonEKSRequest
{
  public int? MaxResults { get; set; }

  public string? NextToken { get; set; }

  public List<string>? Include { get; set; }
}

public class ListClustersResponse : AmazonWebServiceResponse
{
  public List<string>? Clusters { get; set; }

  public string? NextToken { get; set; }
}

public class DeleteClusterRequest : AmazonEKSRequest
{
  public string? Name { get; set; }
}

public class DeleteClusterResponse : AmazonWebServiceResponse
{
  public Cluster? Cluster { get; set; }
}

public class UpdateClusterConfigRequest : AmazonEKSRequest
{
  public string? Name { get; set; }

  public VpcConfigRequest? ResourcesVpcConfig { get; set; }

  public Logging? Logging { get; set; }

  public string? ClientRequestToken { get; set; }

  public UpdateAccessConfigRequest? AccessConfig { get; set; }

  public UpgradePolicyRequest? UpgradePolicy { get; set; }

  public ZonalShiftConfigRequest? ZonalShiftConfig { get; set; }

  public ComputeConfigRequest? ComputeConfig { get; set; }

  public KubernetesNetworkConfigRequest? KubernetesNetworkConfig { get; set; }

  public StorageConfigRequest? StorageConfig { get; set; }

  public RemoteNetworkConfigRequest? RemoteNetworkConfig { get; set; }

  public bool? DeletionProtection { get; set; }

  public ControlPlaneScalingConfig? ControlPlaneScalingConfig { get; set; }
}

public class UpdateClusterConfigResponse : AmazonWebServiceResponse
{
  public Update? Update { get; set; }
}

public class UpdateClusterVersionRequest : AmazonEKSRequest
{
  public string? Name { get; set; }

  public string? Version { get; set; }

  public string? ClientRequestToken { get; set; }

  public bool? Force { get; set; }
}

public class UpdateClusterVersionResponse : AmazonWebServiceResponse
{
  public Update? Update { get; set; }
}
