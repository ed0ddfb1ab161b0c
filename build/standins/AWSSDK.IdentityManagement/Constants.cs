using System.Text.Json.Serialization;
using Amazon.Runtime;
using Threeport.StandIns;

namespace Amazon.IdentityManagement;

[JsonConverter(typeof(ConstantConverter<ContextKeyTypeEnum>))]
public class ContextKeyTypeEnum(string value) : ConstantClass(value), IConstant<ContextKeyTypeEnum>
{
  public static readonly ContextKeyTypeEnum Binary = new("binary");
  public static readonly ContextKeyTypeEnum BinaryList = new("binaryList");
  public static readonly ContextKeyTypeEnum Boolean = new("boolean");
  public static readonly ContextKeyTypeEnum BooleanList = new("booleanList");
  public static readonly ContextKeyTypeEnum Date = new("date");
  public static readonly ContextKeyTypeEnum DateList = new("dateList");
  public static readonly ContextKeyTypeEnum Ip = new("ip");
  public static readonly ContextKeyTypeEnum IpList = new("ipList");
  public static readonly ContextKeyTypeEnum Numeric = new("numeric");
  public static readonly ContextKeyTypeEnum NumericList = new("numericList");
  public static readonly ContextKeyTypeEnum String = new("string");
  public static readonly ContextKeyTypeEnum StringList = new("stringList");

  public static ContextKeyTypeEnum FindValue(string value) => FindValue<ContextKeyTypeEnum>(value);

  public static implicit operator ContextKeyTypeEnum(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<PermissionsBoundaryAttachmentType>))]
public class PermissionsBoundaryAttachmentType(string value)
  : ConstantClass(value),
    IConstant<PermissionsBoundaryAttachmentType>
{
  public static readonly PermissionsBoundaryAttachmentType PermissionsBoundaryPolicy = new("PermissionsBoundaryPolicy");

  public static PermissionsBoundaryAttachmentType FindValue(string value) =>
    FindValue<PermissionsBoundaryAttachmentType>(value);

  public static implicit operator PermissionsBoundaryAttachmentType(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<PolicyEvaluationDecisionType>))]
public class PolicyEvaluationDecisionType(string value) : ConstantClass(value), IConstant<PolicyEvaluationDecisionType>
{
  public static readonly PolicyEvaluationDecisionType Allowed = new("allowed");
  public static readonly PolicyEvaluationDecisionType ExplicitDeny = new("explicitDeny");
  public static readonly PolicyEvaluationDecisionType ImplicitDeny = new("implicitDeny");

  public static PolicyEvaluationDecisionType FindValue(string value) => FindValue<PolicyEvaluationDecisionType>(value);

  public static implicit operator PolicyEvaluationDecisionType(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<PolicyScopeType>))]
public class PolicyScopeType(string value) : ConstantClass(value), IConstant<PolicyScopeType>
{
  public static readonly PolicyScopeType AWS = new("AWS");
  public static readonly PolicyScopeType All = new("All");
  public static readonly PolicyScopeType Local = new("Local");

  public static PolicyScopeType FindValue(string value) => FindValue<PolicyScopeType>(value);

  public static implicit operator PolicyScopeType(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<PolicySourceType>))]
public class PolicySourceType(string value) : ConstantClass(value), IConstant<PolicySourceType>
{
  public static readonly PolicySourceType AwsManaged = new("aws-managed");
  public static readonly PolicySourceType Group = new("group");
  public static readonly PolicySourceType None = new("none");
  public static readonly PolicySourceType Resource = new("resource");
  public static readonly PolicySourceType Role = new("role");
  public static readonly PolicySourceType User = new("user");
  public static readonly PolicySourceType UserManaged = new("user-managed");

  public static PolicySourceType FindValue(string value) => FindValue<PolicySourceType>(value);

  public static implicit operator PolicySourceType(string value) => FindValue(value);
}

[JsonConverter(typeof(ConstantConverter<PolicyUsageType>))]
public class PolicyUsageType(string value) : ConstantClass(value), IConstant<PolicyUsageType>
{
  public static readonly PolicyUsageType PermissionsBoundary = new("PermissionsBoundary");
  public static readonly PolicyUsageType PermissionsPolicy = new("PermissionsPolicy");

  public static PolicyUsageType FindValue(string value) => FindValue<PolicyUsageType>(value);

  public static implicit operator PolicyUsageType(string value) => FindValue(value);
}
