using Amazon.Runtime;

namespace Amazon.IdentityManagement.Model;

public class ListInstanceProfilesForRoleRequest : AmazonIdentityManagementServiceRequest
{
  public string? RoleName { get; set; }

  public string? Marker { get; set; }

  public int? MaxItems { get; set; }
}

public class ListInstanceProfilesForRoleResponse : AmazonWebServiceResponse
{
  public List<InstanceProfile>? InstanceProfiles { get; set; }

  public bool? IsTruncated { get; set; }

  public string? Marker { get; set; }
}

public class RemoveRoleFromInstanceProfileRequest : AmazonIdentityManagementServiceRequest
{
  public string? InstanceProfileName { get; set; }

  public string? RoleName { get; set; }
}

public class RemoveRoleFromInstanceProfileResponse : AmazonWebServiceResponse;
