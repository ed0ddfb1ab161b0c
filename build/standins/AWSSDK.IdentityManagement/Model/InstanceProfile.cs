namespace Amazon.IdentityManagement.Model;

public class InstanceProfile
{
  public string? Path { get; set; }

  public string? InstanceProfileName { get; set; }

  public string? InstanceProfileId { get; set; }

  public string? Arn { get; set; }

  public DateTime? CreateDate { get; set; }

  public List<Role>? Roles { get; set; }

  public List<Tag>? Tags { get; set; }
}
