using Amazon.Runtime;

namespace Amazon.EKS.Model;

public class CreateNodegroupRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? NodegroupName { get; set; }

  public NodegroupScalingConfig? ScalingConfig { get; set; }

  public int? DiskSize { get; set; }

  public List<string>? Subnets { get; set; }

  public List<string>? InstanceTypes { get; set; }

  public AMITypes? AmiType { get; set; }

  public RemoteAccessConfig? RemoteAccess { get; set; }

  public string? NodeRole { get; set; }

  public Dictionary<string, string>? Labels { get; set; }

  public List<Taint>? Taints { get; set; }

  public Dictionary<string, string>? Tags { get; set; }

  public string? ClientRequestToken { get; set; }

  public LaunchTemplateSpecification? LaunchTemplate { get; set; }

  public NodegroupUpdateConfig? UpdateConfig { get; set; }

  public NodeRepairConfig? NodeRepairConfig { get; set; }

  public CapacityTypes? CapacityType { get; set; }

  public string? Version { get; set; }

  public string? ReleaseVersion { get; set; }

  public WarmPoolConfig? WarmPoolConfig { get; set; }
}

public class CreateNodegroupResponse : AmazonWebServiceResponse
{
  public Nodegroup? Nodegroup { get; set; }
}

public class DescribeNodegroupRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? NodegroupName { get; set; }
}

public class DescribeNodegroupResponse : AmazonWebServiceResponse
{
  public Nodegroup? Nodegroup { get; set; }
}

public class ListNodegroupsRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public int? MaxResults { get; set; }

  public string? NextToken { get; set; }
}

public class ListNodegroupsResponse : AmazonWebServiceResponse
{
  public List<string>? Nodegroups { get; set; }

  public string? NextToken { get; set; }
}

public class DeleteNodegroupRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? NodegroupName { get; set; }
}

public class DeleteNodegroupResponse : AmazonWebServiceResponse
{
  public Nodegroup? Nodegroup { get; set; }
}

public class UpdateNodegroupConfigRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? NodegroupName { get; set; }

  public UpdateLabelsPayload? Labels { get; set; }

  public UpdateTaintsPayload? Taints { get; set; }

  public NodegroupScalingConfig? ScalingConfig { get; set; }

  public NodegroupUpdateConfig? UpdateConfig { get; set; }

  public NodeRepairConfig? NodeRepairConfig { get; set; }

  public WarmPoolConfig? WarmPoolConfig { get; set; }

  public string? ClientRequestToken { get; set; }
}

public class UpdateNodegroupConfigResponse : AmazonWebServiceResponse
{
  public Update? Update { get; set; }
}

public class UpdateNodegroupVersionRequest : AmazonEKSRequest
{
  public string? ClusterName { get; set; }

  public string? NodegroupName { get; set; }

  public string? Version { get; set; }

  public string? ReleaseVersion { get; set; }

  public LaunchTemplateSpecification? LaunchTemplate { get; set; }

  public bool? Force { get; set; }

  public string? ClientRequestToken { get; set; }
}

public class UpdateNodegroupVersionResponse : AmazonWebServiceResponse
{
  public Update? Update { get; set; }
}
