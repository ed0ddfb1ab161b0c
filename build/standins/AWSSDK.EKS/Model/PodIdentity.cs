namespace Amazon.EKS.Model;

public class PodIdentityAssociation
{
  public string? ClusterName { get; set; }

  public string? Namespace { get; set; }

  public string? ServiceAccount { get; set; }

  public string? RoleArn { get; set; }

  public string? AssociationArn { get; set; }

  public string? AssociationId { get; set; }

  public Dictionary<string, string>? Tags { get; set; }

  public DateTime? CreatedAt { get; set; }

  public DateTime? ModifiedAt { get; set; }

  public string? OwnerArn { get; set; }

  public bool? DisableSessionTags { get; set; }

  public string? TargetRoleArn { get; set; }

  public string? ExternalId { get; set; }

  public string? Policy { get; set; }
}

public class PodIdentityAssociationSummary
{
  public string? ClusterName { get; set; }

  public string? Namespace { get; set; }

  public string? ServiceAccount { get; set; }

  public string? AssociationArn { get; set; }

  public string? AssociationId { get; set; }

  public string? OwnerArn { get; set; }
}
