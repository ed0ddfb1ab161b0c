namespace Amazon.EKS.Model;

public class VpcConfigRequest
{
  public List<string>? SubnetIds { get; set; }

  public List<string>? SecurityGroupIds { get; set; }

  public bool? EndpointPublicAccess { get; set; }

  public bool? EndpointPrivateAccess { get; set; }

  public List<string>? PublicAccessCidrs { get; set; }
}

public class KubernetesNetworkConfigRequest
{
  public string? ServiceIpv4Cidr { get; set; }

  public IpFamily? IpFamily { get; set; }

  public ElasticLoadBalancing? ElasticLoadBalancing { get; set; }
}

public class ElasticLoadBalancing
{
  public bool? Enabled { get; set; }
}

public class Logging
{
  public List<LogSetup>? ClusterLogging { get; set; }
}

public class LogSetup
{
  public List<string>? Types { get; set; }

  public bool? Enabled { get; set; }
}

public class EncryptionConfig
{
  public List<string>? Resources { get; set; }

  public Provider? Provider { get; set; }
}

public class Provider
{
  public string? KeyArn { get; set; }
}

public class OutpostConfigRequest
{
  public List<string>? OutpostArns { get; set; }

  public string? ControlPlaneInstanceType { get; set; }

  public ControlPlanePlacementRequest? ControlPlanePlacement { get; set; }
}

public class ControlPlanePlacementRequest
{
  public string? GroupName { get; set; }
}

public class CreateAccessConfigRequest
{
  public bool? BootstrapClusterCreatorAdminPermissions { get; set; }

  public AuthenticationMode? AuthenticationMode { get; set; }
}

public class UpgradePolicyRequest
{
  public SupportType? SupportType { get; set; }
}

public class ZonalShiftConfigRequest
{
  public bool? Enabled { get; set; }
}

public class RemoteNetworkConfigRequest
{
  public List<RemoteNodeNetwork>? RemoteNodeNetworks { get; set; }

  public List<RemotePodNetwork>? RemotePodNetworks { get; set; }
}

public class RemoteNodeNetwork
{
  public List<string>? Cidrs { get; set; }
}

public class RemotePodNetwork
{
  public List<string>? Cidrs { get; set; }
}

public class ComputeConfigRequest
{
  public bool? Enabled { get; set; }

  public List<string>? NodePools { get; set; }

  public string? NodeRoleArn { get; set; }
}

public class StorageConfigRequest
{
  public BlockStorage? BlockStorage { get; set; }
}

public class BlockStorage
{
  public bool? Enabled { get; set; }
}

public class ControlPlaneScalingConfig
{
  public ProvisionedControlPlaneTier? Tier { get; set; }
}

public class Cluster
{
  public string? Name { get; set; }

  public string? Arn { get; set; }

  public DateTime? CreatedAt { get; set; }

  public string? Version { get; set; }

  public string? Endpoint { get; set; }

  public string? RoleArn { get; set; }

  public VpcConfigResponse? ResourcesVpcConfig { get; set; }

  public KubernetesNetworkConfigResponse? KubernetesNetworkConfig { get; set; }

  public Logging? Logging { get; set; }

  public Identity? Identity { get; set; }

  public ClusterStatus? Status { get; set; }

  public Certificate? CertificateAuthority { get; set; }

  public string? ClientRequestToken { get; set; }

  public string? PlatformVersion { get; set; }

  public Dictionary<string, string>? Tags { get; set; }

  public List<EncryptionConfig>? EncryptionConfig { get; set; }

  public ConnectorConfigResponse? ConnectorConfig { get; set; }

  public string? Id { get; set; }

  public ClusterHealth? Health { get; set; }

  public OutpostConfigResponse? OutpostConfig { get; set; }

  public AccessConfigResponse? AccessConfig { get; set; }

  public UpgradePolicyResponse? UpgradePolicy { get; set; }

  public ZonalShiftConfigResponse? ZonalShiftConfig { get; set; }

  public RemoteNetworkConfigResponse? RemoteNetworkConfig { get; set; }

  public ComputeConfigResponse? ComputeConfig { get; set; }

  public StorageConfigResponse? StorageConfig { get; set; }

  public bool? DeletionProtection { get; set; }

  public ControlPlaneScalingConfig? ControlPlaneScalingConfig { get; set; }
}

public class VpcConfigResponse
{
  public List<string>? SubnetIds { get; set; }

  public List<string>? SecurityGroupIds { get; set; }

  public string? ClusterSecurityGroupId { get; set; }

  public string? VpcId { get; set; }

  public bool? EndpointPublicAccess { get; set; }

  public bool? EndpointPrivateAccess { get; set; }

  public List<string>? PublicAccessCidrs { get; set; }
}

public class KubernetesNetworkConfigResponse
{
  public string? ServiceIpv4Cidr { get; set; }

  public string? ServiceIpv6Cidr { get; set; }

  public IpFamily? IpFamily { get; set; }

  public ElasticLoadBalancing? ElasticLoadBalancing { get; set; }
}

public class Identity
{
  public OIDC? Oidc { get; set; }
}

public class OIDC
{
  public string? Issuer { get; set; }
}

public class Certificate
{
  public string? Data { get; set; }
}

public class ConnectorConfigResponse
{
  public string? ActivationId { get; set; }

  public string? ActivationCode { get; set; }

  public DateTime? ActivationExpiry { get; set; }

  public string? Provider { get; set; }

  public string? RoleArn { get; set; }
}

public class ClusterHealth
{
  public List<ClusterIssue>? Issues { get; set; }
}

public class ClusterIssue
{
  public ClusterIssueCode? Code { get; set; }

  public string? Message { get; set; }

  public List<string>? ResourceIds { get; set; }
}

public class OutpostConfigResponse
{
  public List<string>? OutpostArns { get; set; }

  public string? ControlPlaneInstanceType { get; set; }

  public ControlPlanePlacementResponse? ControlPlanePlacement { get; set; }
}

public class ControlPlanePlacementResponse
{
  public string? GroupName { get; set; }
}

public class AccessConfigResponse
{
  public bool? BootstrapClusterCreatorAdminPermissions { get; set; }

  public AuthenticationMode? AuthenticationMode { get; set; }
}

public class UpgradePolicyResponse
{
  public SupportType? SupportType { get; set; }
}

public class ZonalShiftConfigResponse
{
  public bool? Enabled { get; set; }
}

public class RemoteNetworkConfigResponse
{
  public List<RemoteNodeNetwork>? RemoteNodeNetworks { get; set; }

  public List<RemotePodNetwork>? RemotePodNetworks { get; set; }
}

public class ComputeConfigResponse
{
  public bool? Enabled { get; set; }

  public List<string>? NodePools { get; set; }

  public string? NodeRoleArn { get; set; }
}

public class StorageConfigResponse
{
  public BlockStorage? BlockStorage { get; set; }
}

public class UpdateAccessConfigRequest
{
  public AuthenticationMode? AuthenticationMode { get; set; }
}

public class Update
{
  public string? Id { get; set; }

  public UpdateStatus? Status { get; set; }

  public UpdateType? Type { get; set; }

  public List<UpdateParam>? Params { get; set; }

  public DateTime? CreatedAt { get; set; }

  public List<ErrorDetail>? Errors { get; set; }
}

public class UpdateParam
{
  public UpdateParamType? Type { get; set; }

  public string? Value { get; set; }
}

public class ErrorDetail
{
  public ErrorCode? ErrorCode { get; set; }

  public string? ErrorMessage { get; set; }

  public List<string>? ResourceIds { get; set; }
}
