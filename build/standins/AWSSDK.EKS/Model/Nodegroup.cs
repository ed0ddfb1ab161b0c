namespace Amazon.EKS.Model;

public class NodegroupScalingConfig
{
  public int? MinSize { get; set; }

  public int? MaxSize { get; set; }

  public int? DesiredSize { get; set; }
}

public class RemoteAccessConfig
{
  public string? Ec2SshKey { get; set; }

  public List<string>? SourceSecurityGroups { get; set; }
}

public class Taint
{
  public string? Key { get; set; }

  public string? Value { get; set; }

  public TaintEffect? Effect { get; set; }
}

public class LaunchTemplateSpecification
{
  public string? Name { get; set; }

  public string? Version { get; set; }

  public string? Id { get; set; }
}

public class NodegroupUpdateConfig
{
  public int? MaxUnavailable { get; set; }

  public int? MaxUnavailablePercentage { get; set; }

  public NodegroupUpdateStrategies? UpdateStrategy { get; set; }
}

public class NodeRepairConfig
{
  public bool? Enabled { get; set; }

  public int? MaxUnhealthyNodeThresholdCount { get; set; }

  public int? MaxUnhealthyNodeThresholdPercentage { get; set; }

  public int? MaxParallelNodesRepairedCount { get; set; }

  public int? MaxParallelNodesRepairedPercentage { get; set; }

  public List<NodeRepairConfigOverrides>? NodeRepairConfigOverrides { get; set; }
}

public class NodeRepairConfigOverrides
{
  public string? NodeMonitoringCondition { get; set; }

  public string? NodeUnhealthyReason { get; set; }

  public int? MinRepairWaitTimeMins { get; set; }

  public RepairAction? RepairAction { get; set; }
}

public class WarmPoolConfig
{
  public bool? Enabled { get; set; }

  public int? MinSize { get; set; }

  public int? MaxGroupPreparedCapacity { get; set; }

  public WarmPoolState? PoolState { get; set; }

  public bool? ReuseOnScaleIn { get; set; }
}

public class Nodegroup
{
  public string? NodegroupName { get; set; }

  public string? NodegroupArn { get; set; }

  public string? ClusterName { get; set; }

  public string? Version { get; set; }

  public string? ReleaseVersion { get; set; }

  public DateTime? CreatedAt { get; set; }

  public DateTime? ModifiedAt { get; set; }

  public NodegroupStatus? Status { get; set; }

  public CapacityTypes? CapacityType { get; set; }

  public NodegroupScalingConfig? ScalingConfig { get; set; }

  public List<string>? InstanceTypes { get; set; }

  public List<string>? Subnets { get; set; }

  public RemoteAccessConfig? RemoteAccess { get; set; }

  public AMITypes? AmiType { get; set; }

  public string? NodeRole { get; set; }

  public Dictionary<string, string>? Labels { get; set; }

  public List<Taint>? Taints { get; set; }

  public NodegroupResources? Resources { get; set; }

  public int? DiskSize { get; set; }

  public NodegroupHealth? Health { get; set; }

  public NodegroupUpdateConfig? UpdateConfig { get; set; }

  public NodeRepairConfig? NodeRepairConfig { get; set; }

  public LaunchTemplateSpecification? LaunchTemplate { get; set; }

  public Dictionary<string, string>? Tags { get; set; }

  public WarmPoolConfig? WarmPoolConfig { get; set; }
}

public class NodegroupResources
{
  public List<AutoScalingGroup>? AutoScalingGroups { get; set; }

  public string? RemoteAccessSecurityGroup { get; set; }
}

public class AutoScalingGroup
{
  public string? Name { get; set; }
}

public class NodegroupHealth
{
  public List<Issue>? Issues { get; set; }
}

public class Issue
{
  public NodegroupIssueCode? Code { get; set; }

  public string? Message { get; set; }

  public List<string>? ResourceIds { get; set; }
}

public class UpdateLabelsPayload
{
  public Dictionary<string, string>? AddOrUpdateLabels { get; set; }

  public List<string>? RemoveLabels { get; set; }
}

public class UpdateTaintsPayload
{
  public List<Taint>? AddOrUpdateTaints { get; set; }

  public List<Taint>? RemoveTaints { get; set; }
}
