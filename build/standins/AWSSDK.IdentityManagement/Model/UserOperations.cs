using Amazon.Runtime;

namespace Amazon.IdentityManagement.Model;

public class GetUserRequest : AmazonIdentityManagementServiceRequest
{
  public string? UserName { get; set; }
}

public class GetUserResponse : AmazonWebServiceResponse
{
  public User? User { get; set; }
}
