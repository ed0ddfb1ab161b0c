using System.Text.Json.Serialization;
using Amazon.Runtime;
using Threeport.StandIns;

namespace Amazon.EKS;

[JsonConverter(typeof(ConstantConverter<AMITypes>))]
public class AMITypes(string value) : ConstantClass(value), IConstant<AMITypes>
{
  public static readonly AMITypes AL2023_ARM_64_NVIDIA = new("AL2023_ARM_64_NVIDIA");
  public static readonly AMITypes AL2023_ARM_64_STANDARD = new("AL2023_ARM_64_STANDARD");
  public static readonly AMITypes AL2023_x86_64_NEURON = new("AL2023_x86_64_NEURON");
  public static readonly AMITypes AL2023_x86_64_NVIDIA = new("AL2023_x86_64_NVIDIA");
  public static readonly AMITypes AL2023_x86_64_STANDARD = new("AL2023_x86_64_STANDARD");
  public static readonly AMITypes AL2_ARM_64 = new("AL2_ARM_64");
  public static readonly AMITypes AL2_x86_64 = new("AL2_x86_64");
  public static readonly AMITypes AL2_x86_64_GPU = new("AL2_x86_64_GPU");
  public static readonly AMITypes BOTTLEROCKET_ARM_64 = new("BOTTLEROCKET_ARM_64");
  public static readonly AMITypes BOTTLEROCKET_ARM_64_FIPS = new("BOTTLEROCKET_ARM_64_FIPS");
  public static readonly AMITypes BOTTLEROCKET_ARM_64_NVIDIA = new("BOTTLEROCKET_ARM_64_NVIDIA");
  public static readonly AMITypes BOTTLEROCKET_ARM_64_NVIDIA_FIPS = new("BOTTLEROCKET_ARM_64_NVIDIA_FIPS");
  public static readonly AMITypes BOTTLEROCKET_x86_64 = new("BOTTLEROCKET_x86_64");
  public static readonly AMITypes BOTTLEROCKET_x86_64_FIPS = new("BOTTLEROCKET_x86_64_FIPS");
  public static readonly AMITypes BOTTLEROCKET_x86_64_NVIDIA = new("BOTTLEROCKET_x86_64_NVIDIA");
  public static readonly AMITypes BOTTLEROCKET_x86_64_NVIDIA_FIPS = new("BOTTLEROCKET_x86_64_NVIDIA_FIPS");
  public static readonly AMITypes CUSTOM = new("CUSTOM");
  public static readonly AMITypes WINDOWS_CORE_2019_x86_64 = new("WINDOWS_CORE_2019_x86_64");
  public static readonly AMITypes WINDOWS_CORE_2022_x86_64 = new("WINDOWS_CORE_2022_x86_64");
  public static readonly AMITypes WINDOWS_CORE_2025_x86_64 = new("WINDOWS_CORE_2025_x86_64");
  public static readonly AMITypes WINDOWS_FULL_2019_x86_64 = new("WINDOWS_FULL_2019_x86_64");
  public static readonly AMITypes WINDOWS_FULL_2022_x86_64 = new("WINDOWS_FULL_2022_x86_64");
  public static readonly AMITypes WINDOWS_FULL_2025_x86_64 = new("WINDOWS_FULL_2025_x86_64");

  public static AMITypes FindValue(string value) => FindValue<AMITypes>(value);

  public static implicit operator AMITypes(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<AccessScopeType>))]
public class AccessScopeType(string value) : ConstantClass(value), IConstant<AccessScopeType>
{
  public static readonly AccessScopeType Cluster = new("cluster");
  public static readonly AccessScopeType Namespace = new("namespace");

  public static AccessScopeType FindValue(string value) => FindValue<AccessScopeType>(value);

  public static implicit operator AccessScopeType(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<AddonIssueCode>))]
public class AddonIssueCode(string value) : ConstantClass(value), IConstant<AddonIssueCode>
{
  public static readonly AddonIssueCode AccessDenied = new("AccessDenied");
  public static readonly AddonIssueCode AddonPermissionFailure = new("AddonPermissionFailure");
  public static readonly AddonIssueCode AddonSubscriptionNeeded = new("AddonSubscriptionNeeded");
  public static readonly AddonIssueCode AdmissionRequestDenied = new("AdmissionRequestDenied");
  public static readonly AddonIssueCode ClusterUnreachable = new("ClusterUnreachable");
  public static readonly AddonIssueCode ConfigurationConflict = new("ConfigurationConflict");
  public static readonly AddonIssueCode InsufficientNumberOfReplicas = new("InsufficientNumberOfReplicas");
  public static readonly AddonIssueCode InternalFailure = new("InternalFailure");
  public static readonly AddonIssueCode K8sResourceNotFound = new("K8sResourceNotFound");
  public static readonly AddonIssueCode UnsupportedAddonModification = new("UnsupportedAddonModification");

  public static AddonIssueCode FindValue(string value) => FindValue<AddonIssueCode>(value);

  public static implicit operator AddonIssueCode(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<AddonStatus>))]
public class AddonStatus(string value) : ConstantClass(value), IConstant<AddonStatus>
{
  public static readonly AddonStatus ACTIVE = new("ACTIVE");
  public static readonly AddonStatus CREATE_FAILED = new("CREATE_FAILED");
  public static readonly AddonStatus CREATING = new("CREATING");
  public static readonly AddonStatus DEGRADED = new("DEGRADED");
  public static readonly AddonStatus DELETE_FAILED = new("DELETE_FAILED");
  public static readonly AddonStatus DELETING = new("DELETING");
  public static readonly AddonStatus UPDATE_FAILED = new("UPDATE_FAILED");
  public static readonly AddonStatus UPDATING = new("UPDATING");

  public static AddonStatus FindValue(string value) => FindValue<AddonStatus>(value);

  public static implicit operator AddonStatus(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<AuthenticationMode>))]
public class AuthenticationMode(string value) : ConstantClass(value), IConstant<AuthenticationMode>
{
  public static readonly AuthenticationMode API = new("API");
  public static readonly AuthenticationMode API_AND_CONFIG_MAP = new("API_AND_CONFIG_MAP");
  public static readonly AuthenticationMode CONFIG_MAP = new("CONFIG_MAP");

  public static AuthenticationMode FindValue(string value) => FindValue<AuthenticationMode>(value);

  public static implicit operator AuthenticationMode(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<CapacityTypes>))]
public class CapacityTypes(string value) : ConstantClass(value), IConstant<CapacityTypes>
{
  public static readonly CapacityTypes CAPACITY_BLOCK = new("CAPACITY_BLOCK");
  public static readonly CapacityTypes ON_DEMAND = new("ON_DEMAND");
  public static readonly CapacityTypes SPOT = new("SPOT");

  public static CapacityTypes FindValue(string value) => FindValue<CapacityTypes>(value);

  public static implicit operator CapacityTypes(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<ClusterIssueCode>))]
public class ClusterIssueCode(string value) : ConstantClass(value), IConstant<ClusterIssueCode>
{
  public static readonly ClusterIssueCode AccessDenied = new("AccessDenied");
  public static readonly ClusterIssueCode ClusterUnreachable = new("ClusterUnreachable");
  public static readonly ClusterIssueCode ConfigurationConflict = new("ConfigurationConflict");
  public static readonly ClusterIssueCode Ec2SecurityGroupNotFound = new("Ec2SecurityGroupNotFound");
  public static readonly ClusterIssueCode Ec2ServiceNotSubscribed = new("Ec2ServiceNotSubscribed");
  public static readonly ClusterIssueCode Ec2SubnetNotFound = new("Ec2SubnetNotFound");
  public static readonly ClusterIssueCode IamRoleNotFound = new("IamRoleNotFound");
  public static readonly ClusterIssueCode InsufficientFreeAddresses = new("InsufficientFreeAddresses");
  public static readonly ClusterIssueCode InternalFailure = new("InternalFailure");
  public static readonly ClusterIssueCode KmsGrantRevoked = new("KmsGrantRevoked");
  public static readonly ClusterIssueCode KmsKeyDisabled = new("KmsKeyDisabled");
  public static readonly ClusterIssueCode KmsKeyMarkedForDeletion = new("KmsKeyMarkedForDeletion");
  public static readonly ClusterIssueCode KmsKeyNotFound = new("KmsKeyNotFound");
  public static readonly ClusterIssueCode Other = new("Other");
  public static readonly ClusterIssueCode ResourceLimitExceeded = new("ResourceLimitExceeded");
  public static readonly ClusterIssueCode ResourceNotFound = new("ResourceNotFound");
  public static readonly ClusterIssueCode StsRegionalEndpointDisabled = new("StsRegionalEndpointDisabled");
  public static readonly ClusterIssueCode UnsupportedVersion = new("UnsupportedVersion");
  public static readonly ClusterIssueCode VpcNotFound = new("VpcNotFound");

  public static ClusterIssueCode FindValue(string value) => FindValue<ClusterIssueCode>(value);

  public static implicit operator ClusterIssueCode(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<ClusterStatus>))]
public class ClusterStatus(string value) : ConstantClass(value), IConstant<ClusterStatus>
{
  public static readonly ClusterStatus ACTIVE = new("ACTIVE");
  public static readonly ClusterStatus CREATING = new("CREATING");
  public static readonly ClusterStatus DELETING = new("DELETING");
  public static readonly ClusterStatus FAILED = new("FAILED");
  public static readonly ClusterStatus PENDING = new("PENDING");
  public static readonly ClusterStatus UPDATING = new("UPDATING");

  public static ClusterStatus FindValue(string value) => FindValue<ClusterStatus>(value);

  public static implicit operator ClusterStatus(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<ClusterVersionStatus>))]
public class ClusterVersionStatus(string value) : ConstantClass(value), IConstant<ClusterVersionStatus>
{
  public static readonly ClusterVersionStatus ExtendedSupport = new("extended-support");
  public static readonly ClusterVersionStatus StandardSupport = new("standard-support");
  public static readonly ClusterVersionStatus Unsupported = new("unsupported");

  public static ClusterVersionStatus FindValue(string value) => FindValue<ClusterVersionStatus>(value);

  public static implicit operator ClusterVersionStatus(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<ErrorCode>))]
public class ErrorCode(string value) : ConstantClass(value), IConstant<ErrorCode>
{
  public static readonly ErrorCode AccessDenied = new("AccessDenied");
  public static readonly ErrorCode AdmissionRequestDenied = new("AdmissionRequestDenied");
  public static readonly ErrorCode ClusterUnreachable = new("ClusterUnreachable");
  public static readonly ErrorCode ConfigurationConflict = new("ConfigurationConflict");
  public static readonly ErrorCode EniLimitReached = new("EniLimitReached");
  public static readonly ErrorCode InsufficientFreeAddresses = new("InsufficientFreeAddresses");
  public static readonly ErrorCode InsufficientNumberOfReplicas = new("InsufficientNumberOfReplicas");
  public static readonly ErrorCode IpNotAvailable = new("IpNotAvailable");
  public static readonly ErrorCode K8sResourceNotFound = new("K8sResourceNotFound");
  public static readonly ErrorCode NodeCreationFailure = new("NodeCreationFailure");
  public static readonly ErrorCode OperationNotPermitted = new("OperationNotPermitted");
  public static readonly ErrorCode PodEvictionFailure = new("PodEvictionFailure");
  public static readonly ErrorCode SecurityGroupNotFound = new("SecurityGroupNotFound");
  public static readonly ErrorCode SubnetNotFound = new("SubnetNotFound");
  public static readonly ErrorCode Unknown = new("Unknown");
  public static readonly ErrorCode UnsupportedAddonModification = new("UnsupportedAddonModification");
  public static readonly ErrorCode VpcIdNotFound = new("VpcIdNotFound");

  public static ErrorCode FindValue(string value) => FindValue<ErrorCode>(value);

  public static implicit operator ErrorCode(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<IpFamily>))]
public class IpFamily(string value) : ConstantClass(value), IConstant<IpFamily>
{
  public static readonly IpFamily Ipv4 = new("ipv4");
  public static readonly IpFamily Ipv6 = new("ipv6");

  public static IpFamily FindValue(string value) => FindValue<IpFamily>(value);

  public static implicit operator IpFamily(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<LogType>))]
public class LogType(string value) : ConstantClass(value), IConstant<LogType>
{
  public static readonly LogType Api = new("api");
  public static readonly LogType Audit = new("audit");
  public static readonly LogType Authenticator = new("authenticator");
  public static readonly LogType ControllerManager = new("controllerManager");
  public static readonly LogType Scheduler = new("scheduler");

  public static LogType FindValue(string value) => FindValue<LogType>(value);

  public static implicit operator LogType(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<NodegroupIssueCode>))]
public class NodegroupIssueCode(string value) : ConstantClass(value), IConstant<NodegroupIssueCode>
{
  public static readonly NodegroupIssueCode AccessDenied = new("AccessDenied");
  public static readonly NodegroupIssueCode AmiIdNotFound = new("AmiIdNotFound");
  public static readonly NodegroupIssueCode AsgInstanceLaunchFailures = new("AsgInstanceLaunchFailures");
  public static readonly NodegroupIssueCode AutoScalingGroupInstanceRefreshActive = new(
    "AutoScalingGroupInstanceRefreshActive"
  );
  public static readonly NodegroupIssueCode AutoScalingGroupInvalidConfiguration = new(
    "AutoScalingGroupInvalidConfiguration"
  );
  public static readonly NodegroupIssueCode AutoScalingGroupNotFound = new("AutoScalingGroupNotFound");
  public static readonly NodegroupIssueCode AutoScalingGroupOptInRequired = new("AutoScalingGroupOptInRequired");
  public static readonly NodegroupIssueCode AutoScalingGroupRateLimitExceeded = new(
    "AutoScalingGroupRateLimitExceeded"
  );
  public static readonly NodegroupIssueCode ClusterUnreachable = new("ClusterUnreachable");
  public static readonly NodegroupIssueCode Ec2InstanceTypeDoesNotExist = new("Ec2InstanceTypeDoesNotExist");
  public static readonly NodegroupIssueCode Ec2LaunchTemplateDeletionFailure = new("Ec2LaunchTemplateDeletionFailure");
  public static readonly NodegroupIssueCode Ec2LaunchTemplateInvalidConfiguration = new(
    "Ec2LaunchTemplateInvalidConfiguration"
  );
  public static readonly NodegroupIssueCode Ec2LaunchTemplateMaxLimitExceeded = new(
    "Ec2LaunchTemplateMaxLimitExceeded"
  );
  public static readonly NodegroupIssueCode Ec2LaunchTemplateNotFound = new("Ec2LaunchTemplateNotFound");
  public static readonly NodegroupIssueCode Ec2LaunchTemplateVersionMaxLimitExceeded = new(
    "Ec2LaunchTemplateVersionMaxLimitExceeded"
  );
  public static readonly NodegroupIssueCode Ec2LaunchTemplateVersionMismatch = new("Ec2LaunchTemplateVersionMismatch");
  public static readonly NodegroupIssueCode Ec2SecurityGroupDeletionFailure = new("Ec2SecurityGroupDeletionFailure");
  public static readonly NodegroupIssueCode Ec2SecurityGroupNotFound = new("Ec2SecurityGroupNotFound");
  public static readonly NodegroupIssueCode Ec2SubnetInvalidConfiguration = new("Ec2SubnetInvalidConfiguration");
  public static readonly NodegroupIssueCode Ec2SubnetListTooLong = new("Ec2SubnetListTooLong");
  public static readonly NodegroupIssueCode Ec2SubnetMissingIpv6Assignment = new("Ec2SubnetMissingIpv6Assignment");
  public static readonly NodegroupIssueCode Ec2SubnetNotFound = new("Ec2SubnetNotFound");
  public static readonly NodegroupIssueCode IamInstanceProfileNotFound = new("IamInstanceProfileNotFound");
  public static readonly NodegroupIssueCode IamLimitExceeded = new("IamLimitExceeded");
  public static readonly NodegroupIssueCode IamNodeRoleNotFound = new("IamNodeRoleNotFound");
  public static readonly NodegroupIssueCode IamThrottling = new("IamThrottling");
  public static readonly NodegroupIssueCode InstanceLimitExceeded = new("InstanceLimitExceeded");
  public static readonly NodegroupIssueCode InsufficientFreeAddresses = new("InsufficientFreeAddresses");
  public static readonly NodegroupIssueCode InternalFailure = new("InternalFailure");
  public static readonly NodegroupIssueCode KubernetesLabelInvalid = new("KubernetesLabelInvalid");
  public static readonly NodegroupIssueCode LimitExceeded = new("LimitExceeded");
  public static readonly NodegroupIssueCode NodeCreationFailure = new("NodeCreationFailure");
  public static readonly NodegroupIssueCode NodeTerminationFailure = new("NodeTerminationFailure");
  public static readonly NodegroupIssueCode PodEvictionFailure = new("PodEvictionFailure");
  public static readonly NodegroupIssueCode SourceEc2LaunchTemplateNotFound = new("SourceEc2LaunchTemplateNotFound");
  public static readonly NodegroupIssueCode Unknown = new("Unknown");

  public static NodegroupIssueCode FindValue(string value) => FindValue<NodegroupIssueCode>(value);

  public static implicit operator NodegroupIssueCode(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<NodegroupStatus>))]
public class NodegroupStatus(string value) : ConstantClass(value), IConstant<NodegroupStatus>
{
  public static readonly NodegroupStatus ACTIVE = new("ACTIVE");
  public static readonly NodegroupStatus CREATE_FAILED = new("CREATE_FAILED");
  public static readonly NodegroupStatus CREATING = new("CREATING");
  public static readonly NodegroupStatus DEGRADED = new("DEGRADED");
  public static readonly NodegroupStatus DELETE_FAILED = new("DELETE_FAILED");
  public static readonly NodegroupStatus DELETING = new("DELETING");
  public static readonly NodegroupStatus UPDATING = new("UPDATING");

  public static NodegroupStatus FindValue(string value) => FindValue<NodegroupStatus>(value);

  public static implicit operator NodegroupStatus(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<NodegroupUpdateStrategies>))]
public class NodegroupUpdateStrategies(string value) : ConstantClass(value), IConstant<NodegroupUpdateStrategies>
{
  public static readonly NodegroupUpdateStrategies DEFAULT = new("DEFAULT");
  public static readonly NodegroupUpdateStrategies MINIMAL = new("MINIMAL");

  public static NodegroupUpdateStrategies FindValue(string value) => FindValue<NodegroupUpdateStrategies>(value);

  public static implicit operator NodegroupUpdateStrategies(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<ProvisionedControlPlaneTier>))]
public class ProvisionedControlPlaneTier(string value) : ConstantClass(value), IConstant<ProvisionedControlPlaneTier>
{
  public static readonly ProvisionedControlPlaneTier Standard = new("standard");
  public static readonly ProvisionedControlPlaneTier Tier2xl = new("tier-2xl");
  public static readonly ProvisionedControlPlaneTier Tier4xl = new("tier-4xl");
  public static readonly ProvisionedControlPlaneTier Tier8xl = new("tier-8xl");
  public static readonly ProvisionedControlPlaneTier TierXl = new("tier-xl");

  public static ProvisionedControlPlaneTier FindValue(string value) => FindValue<ProvisionedControlPlaneTier>(value);

  public static implicit operator ProvisionedControlPlaneTier(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<RepairAction>))]
public class RepairAction(string value) : ConstantClass(value), IConstant<RepairAction>
{
  public static readonly RepairAction NoAction = new("NoAction");
  public static readonly RepairAction Reboot = new("Reboot");
  public static readonly RepairAction Replace = new("Replace");

  public static RepairAction FindValue(string value) => FindValue<RepairAction>(value);

  public static implicit operator RepairAction(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<ResolveConflicts>))]
public class ResolveConflicts(string value) : ConstantClass(value), IConstant<ResolveConflicts>
{
  public static readonly ResolveConflicts NONE = new("NONE");
  public static readonly ResolveConflicts OVERWRITE = new("OVERWRITE");
  public static readonly ResolveConflicts PRESERVE = new("PRESERVE");

  public static ResolveConflicts FindValue(string value) => FindValue<ResolveConflicts>(value);

  public static implicit operator ResolveConflicts(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<SupportType>))]
public class SupportType(string value) : ConstantClass(value), IConstant<SupportType>
{
  public static readonly SupportType EXTENDED = new("EXTENDED");
  public static readonly SupportType STANDARD = new("STANDARD");

  public static SupportType FindValue(string value) => FindValue<SupportType>(value);

  public static implicit operator SupportType(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<TaintEffect>))]
public class TaintEffect(string value) : ConstantClass(value), IConstant<TaintEffect>
{
  public static readonly TaintEffect NO_EXECUTE = new("NO_EXECUTE");
  public static readonly TaintEffect NO_SCHEDULE = new("NO_SCHEDULE");
  public static readonly TaintEffect PREFER_NO_SCHEDULE = new("PREFER_NO_SCHEDULE");

  public static TaintEffect FindValue(string value) => FindValue<TaintEffect>(value);

  public static implicit operator TaintEffect(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<UpdateParamType>))]
public class UpdateParamType(string value) : ConstantClass(value), IConstant<UpdateParamType>
{
  public static readonly UpdateParamType AddonVersion = new("AddonVersion");
  public static readonly UpdateParamType AuthenticationMode = new("AuthenticationMode");
  public static readonly UpdateParamType ClusterLogging = new("ClusterLogging");
  public static readonly UpdateParamType ComputeConfig = new("ComputeConfig");
  public static readonly UpdateParamType ConfigurationValues = new("ConfigurationValues");
  public static readonly UpdateParamType DeletionProtection = new("DeletionProtection");
  public static readonly UpdateParamType DesiredSize = new("DesiredSize");
  public static readonly UpdateParamType EncryptionConfig = new("EncryptionConfig");
  public static readonly UpdateParamType EndpointPrivateAccess = new("EndpointPrivateAccess");
  public static readonly UpdateParamType EndpointPublicAccess = new("EndpointPublicAccess");
  public static readonly UpdateParamType IdentityProviderConfig = new("IdentityProviderConfig");
  public static readonly UpdateParamType KubernetesNetworkConfig = new("KubernetesNetworkConfig");
  public static readonly UpdateParamType LabelsToAdd = new("LabelsToAdd");
  public static readonly UpdateParamType LabelsToRemove = new("LabelsToRemove");
  public static readonly UpdateParamType LaunchTemplateName = new("LaunchTemplateName");
  public static readonly UpdateParamType LaunchTemplateVersion = new("LaunchTemplateVersion");
  public static readonly UpdateParamType MaxSize = new("MaxSize");
  public static readonly UpdateParamType MaxUnavailable = new("MaxUnavailable");
  public static readonly UpdateParamType MaxUnavailablePercentage = new("MaxUnavailablePercentage");
  public static readonly UpdateParamType MinSize = new("MinSize");
  public static readonly UpdateParamType NodeRepairConfig = new("NodeRepairConfig");
  public static readonly UpdateParamType NodeRepairEnabled = new("NodeRepairEnabled");
  public static readonly UpdateParamType PlatformVersion = new("PlatformVersion");
  public static readonly UpdateParamType PodIdentityAssociations = new("PodIdentityAssociations");
  public static readonly UpdateParamType PreviousTier = new("PreviousTier");
  public static readonly UpdateParamType PublicAccessCidrs = new("PublicAccessCidrs");
  public static readonly UpdateParamType ReleaseVersion = new("ReleaseVersion");
  public static readonly UpdateParamType RemoteNetworkConfig = new("RemoteNetworkConfig");
  public static readonly UpdateParamType ResolveConflicts = new("ResolveConflicts");
  public static readonly UpdateParamType SecurityGroups = new("SecurityGroups");
  public static readonly UpdateParamType ServiceAccountRoleArn = new("ServiceAccountRoleArn");
  public static readonly UpdateParamType StorageConfig = new("StorageConfig");
  public static readonly UpdateParamType Subnets = new("Subnets");
  public static readonly UpdateParamType TaintsToAdd = new("TaintsToAdd");
  public static readonly UpdateParamType TaintsToRemove = new("TaintsToRemove");
  public static readonly UpdateParamType UpdateStrategy = new("UpdateStrategy");
  public static readonly UpdateParamType UpdatedTier = new("UpdatedTier");
  public static readonly UpdateParamType UpgradePolicy = new("UpgradePolicy");
  public static readonly UpdateParamType VendedLogs = new("VendedLogs");
  public static readonly UpdateParamType Version = new("Version");
  public static readonly UpdateParamType WarmPoolEnabled = new("WarmPoolEnabled");
  public static readonly UpdateParamType WarmPoolMaxGroupPreparedCapacity = new("WarmPoolMaxGroupPreparedCapacity");
  public static readonly UpdateParamType WarmPoolMinSize = new("WarmPoolMinSize");
  public static readonly UpdateParamType WarmPoolReuseOnScaleIn = new("WarmPoolReuseOnScaleIn");
  public static readonly UpdateParamType WarmPoolState = new("WarmPoolState");
  public static readonly UpdateParamType ZonalShiftConfig = new("ZonalShiftConfig");

  public static UpdateParamType FindValue(string value) => FindValue<UpdateParamType>(value);

  public static implicit operator UpdateParamType(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<UpdateStatus>))]
public class UpdateStatus(string value) : ConstantClass(value), IConstant<UpdateStatus>
{
  public static readonly UpdateStatus Cancelled = new("Cancelled");
  public static readonly UpdateStatus Failed = new("Failed");
  public static readonly UpdateStatus InProgress = new("InProgress");
  public static readonly UpdateStatus Successful = new("Successful");

  public static UpdateStatus FindValue(string value) => FindValue<UpdateStatus>(value);

  public static implicit operator UpdateStatus(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<UpdateType>))]
public class UpdateType(string value) : ConstantClass(value), IConstant<UpdateType>
{
  public static readonly UpdateType AccessConfigUpdate = new("AccessConfigUpdate");
  public static readonly UpdateType AddonUpdate = new("AddonUpdate");
  public static readonly UpdateType AssociateEncryptionConfig = new("AssociateEncryptionConfig");
  public static readonly UpdateType AssociateIdentityProviderConfig = new("AssociateIdentityProviderConfig");
  public static readonly UpdateType AutoModeUpdate = new("AutoModeUpdate");
  public static readonly UpdateType ConfigUpdate = new("ConfigUpdate");
  public static readonly UpdateType ControlPlaneScalingConfigUpdate = new("ControlPlaneScalingConfigUpdate");
  public static readonly UpdateType DeletionProtectionUpdate = new("DeletionProtectionUpdate");
  public static readonly UpdateType DisassociateIdentityProviderConfig = new("DisassociateIdentityProviderConfig");
  public static readonly UpdateType EndpointAccessUpdate = new("EndpointAccessUpdate");
  public static readonly UpdateType LoggingUpdate = new("LoggingUpdate");
  public static readonly UpdateType RemoteNetworkConfigUpdate = new("RemoteNetworkConfigUpdate");
  public static readonly UpdateType UpgradePolicyUpdate = new("UpgradePolicyUpdate");
  public static readonly UpdateType VendedLogsUpdate = new("VendedLogsUpdate");
  public static readonly UpdateType VersionUpdate = new("VersionUpdate");
  public static readonly UpdateType VpcConfigUpdate = new("VpcConfigUpdate");
  public static readonly UpdateType ZonalShiftConfigUpdate = new("ZonalShiftConfigUpdate");

  public static UpdateType FindValue(string value) => FindValue<UpdateType>(value);

  public static implicit operator UpdateType(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<VersionStatus>))]
public class VersionStatus(string value) : ConstantClass(value), IConstant<VersionStatus>
{
  public static readonly VersionStatus EXTENDED_SUPPORT = new("EXTENDED_SUPPORT");
  public static readonly VersionStatus STANDARD_SUPPORT = new("STANDARD_SUPPORT");
  public static readonly VersionStatus UNSUPPORTED = new("UNSUPPORTED");

  public static VersionStatus FindValue(string value) => FindValue<VersionStatus>(value);

  public static implicit operator VersionStatus(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<WarmPoolState>))]
public class WarmPoolState(string value) : ConstantClass(value), IConstant<WarmPoolState>
{
  public static readonly WarmPoolState HIBERNATED = new("HIBERNATED");
  public static readonly WarmPoolState RUNNING = new("RUNNING");
  public static readonly WarmPoolState STOPPED = new("STOPPED");

  public static WarmPoolState FindValue(string value) => FindValue<WarmPoolState>(value);

  public static implicit operator WarmPoolState(string value) => FindValue(value);
}
