namespace Amazon.IdentityManagement.Model;

public class OpenIDConnectProviderListEntry
{
  public string? Arn { get; set; }
}
