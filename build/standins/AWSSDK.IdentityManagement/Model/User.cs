namespace Amazon.IdentityManagement.Model;

public class User
{
  public string? Path { get; set; }

  public string? UserName { get; set; }

  public string? UserId { get; set; }

  public string? Arn { get; set; }

  public DateTime? CreateDate { get; set; }

  public DateTime? PasswordLastUsed { get; set; }

  public AttachedPermissionsBoundary? PermissionsBoundary { get; set; }

  public List<Tag>? Tags { get; set; }
}
