namespace Amazon.EKS.Model;

public class AccessEntry
{
  public string? ClusterName { get; set; }

  public string? PrincipalArn { get; set; }

  public List<string>? KubernetesGroups { get; set; }

  public string? AccessEntryArn { get; set; }

  public DateTime? CreatedAt { get; set; }

  public DateTime? ModifiedAt { get; set; }

  public Dictionary<string, string>? Tags { get; set; }

  public string? Username { get; set; }

  public string? Type { get; set; }
}

public class AccessScope
{
  public AccessScopeType? Type { get; set; }

  public List<string>? Namespaces { get; set; }
}

public class AssociatedAccessPolicy
{
  public string? PolicyArn { get; set; }

  public AccessScope? AccessScope { get; set; }

  public DateTime? AssociatedAt { get; set; }

  public DateTime? ModifiedAt { get; set; }
}
