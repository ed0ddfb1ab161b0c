namespace Amazon.EKS.Model;

public class AddonPodIdentityAssociations
{
  public string? ServiceAccount { get; set; }

  public string? RoleArn { get; set; }
}

public class AddonNamespaceConfigRequest
{
  public string? Namespace { get; set; }
}

public class Addon
{
  public string? AddonName { get; set; }

  public string? ClusterName { get; set; }

  public AddonStatus? Status { get; set; }

  public string? AddonVersion { get; set; }

  public AddonHealth? Health { get; set; }

  public string? AddonArn { get; set; }

  public DateTime? CreatedAt { get; set; }

  public DateTime? ModifiedAt { get; set; }

  public string? ServiceAccountRoleArn { get; set; }

  public Dictionary<string, string>? Tags { get; set; }

  public string? Publisher { get; set; }

  public string? Owner { get; set; }

  public MarketplaceInformation? MarketplaceInformation { get; set; }

  public string? ConfigurationValues { get; set; }

  public List<string>? PodIdentityAssociations { get; set; }

  public AddonNamespaceConfigResponse? NamespaceConfig { get; set; }
}

public class AddonHealth
{
  public List<AddonIssue>? Issues { get; set; }
}

public class AddonIssue
{
  public AddonIssueCode? Code { get; set; }

  public string? Message { get; set; }

  public List<string>? ResourceIds { get; set; }
}

public class MarketplaceInformation
{
  public string? ProductId { get; set; }

  public string? ProductUrl { get; set; }
}

public class AddonNamespaceConfigResponse
{
  public string? Namespace { get; set; }
}

public class AddonInfo
{
  public string? AddonName { get; set; }

  public string? Type { get; set; }

  public List<AddonVersionInfo>? AddonVersions { get; set; }

  public string? Publisher { get; set; }

  public string? Owner { get; set; }

  public MarketplaceInformation? MarketplaceInformation { get; set; }

  public string? DefaultNamespace { get; set; }
}

public class AddonVersionInfo
{
  public string? AddonVersion { get; set; }

  public List<string>? Architecture { get; set; }

  public List<string>? ComputeTypes { get; set; }

  public List<Compatibility>? Compatibilities { get; set; }

  public bool? RequiresConfiguration { get; set; }

  public bool? RequiresIamPermissions { get; set; }
}

public class Compatibility
{
  public string? ClusterVersion { get; set; }

  public List<string>? PlatformVersions { get; set; }

  public bool? DefaultVersion { get; set; }
}
