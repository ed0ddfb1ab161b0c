using Amazon.IdentityManagement.Model;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;

namespace Amazon.IdentityManagement;

public interface IAmazonIdentityManagementService : IAmazonService, IDisposable
{
  Task<CreateRoleResponse> CreateRoleAsync(CreateRoleRequest request, CancellationToken cancellationToken = default);

  Task<GetRoleResponse> GetRoleAsync(GetRoleRequest request, CancellationToken cancellationToken = default);

  Task<ListRolesResponse> ListRolesAsync(CancellationToken cancellationToken = default);

  Task<ListRolesResponse> ListRolesAsync(ListRolesRequest request, CancellationToken cancellationToken = default);

  Task<DeleteRoleResponse> DeleteRoleAsync(DeleteRoleRequest request, CancellationToken cancellationToken = default);

  Task<UpdateAssumeRolePolicyResponse> UpdateAssumeRolePolicyAsync(
    UpdateAssumeRolePolicyRequest request,
    CancellationToken cancellationToken = default
  );

  Task<TagRoleResponse> TagRoleAsync(TagRoleRequest request, CancellationToken cancellationToken = default);

  Task<UntagRoleResponse> UntagRoleAsync(UntagRoleRequest request, CancellationToken cancellationToken = default);

  Task<ListRoleTagsResponse> ListRoleTagsAsync(
    ListRoleTagsRequest request,
    CancellationToken cancellationToken = default
  );

  Task<AttachRolePolicyResponse> AttachRolePolicyAsync(
    AttachRolePolicyRequest request,
    CancellationToken cancellationToken = default
  );

  Task<DetachRolePolicyResponse> DetachRolePolicyAsync(
    DetachRolePolicyRequest request,
    CancellationToken cancellationToken = default
  );

  Task<ListAttachedRolePoliciesResponse> ListAttachedRolePoliciesAsync(
    ListAttachedRolePoliciesRequest request,
    CancellationToken cancellationToken = default
  );

  Task<PutRolePolicyResponse> PutRolePolicyAsync(
    PutRolePolicyRequest request,
    CancellationToken cancellationToken = default
  );

  Task<GetRolePolicyResponse> GetRolePolicyAsync(
    GetRolePolicyRequest request,
    CancellationToken cancellationToken = default
  );

  Task<ListRolePoliciesResponse> ListRolePoliciesAsync(
    ListRolePoliciesRequest request,
    CancellationToken cancellationToken = default
  );

  Task<DeleteRolePolicyResponse> DeleteRolePolicyAsync(
    DeleteRolePolicyRequest request,
    CancellationToken cancellationToken = default
  );

  Task<CreatePolicyResponse> CreatePolicyAsync(
    CreatePolicyRequest request,
    CancellationToken cancellationToken = default
  );

  Task<GetPolicyResponse> GetPolicyAsync(GetPolicyRequest request, CancellationToken cancellationToken = default);

  Task<ListPoliciesResponse> ListPoliciesAsync(CancellationToken cancellationToken = default);

  Task<ListPoliciesResponse> ListPoliciesAsync(
    ListPoliciesRequest request,
    CancellationToken cancellationToken = default
  );

  Task<DeletePolicyResponse> DeletePolicyAsync(
    DeletePolicyRequest request,
    CancellationToken cancellationToken = default
  );

  Task<TagPolicyResponse> TagPolicyAsync(TagPolicyRequest request, CancellationToken cancellationToken = default);

  Task<CreateOpenIDConnectProviderResponse> CreateOpenIDConnectProviderAsync(
    CreateOpenIDConnectProviderRequest request,
    CancellationToken cancellationToken = default
  );

  Task<GetOpenIDConnectProviderResponse> GetOpenIDConnectProviderAsync(
    GetOpenIDConnectProviderRequest request,
    CancellationToken cancellationToken = default
  );

  Task<ListOpenIDConnectProvidersResponse> ListOpenIDConnectProvidersAsync(
    ListOpenIDConnectProvidersRequest request,
    CancellationToken cancellationToken = default
  );

  Task<DeleteOpenIDConnectProviderResponse> DeleteOpenIDConnectProviderAsync(
    DeleteOpenIDConnectProviderRequest request,
    CancellationToken cancellationToken = default
  );

  Task<TagOpenIDConnectProviderResponse> TagOpenIDConnectProviderAsync(
    TagOpenIDConnectProviderRequest request,
    CancellationToken cancellationToken = default
  );

  Task<ListOpenIDConnectProviderTagsResponse> ListOpenIDConnectProviderTagsAsync(
    ListOpenIDConnectProviderTagsRequest request,
    CancellationToken cancellationToken = default
  );

  Task<ListInstanceProfilesForRoleResponse> ListInstanceProfilesForRoleAsync(
    ListInstanceProfilesForRoleRequest request,
    CancellationToken cancellationToken = default
  );

  Task<RemoveRoleFromInstanceProfileResponse> RemoveRoleFromInstanceProfileAsync(
    RemoveRoleFromInstanceProfileRequest request,
    CancellationToken cancellationToken = default
  );

  Task<GetUserResponse> GetUserAsync(CancellationToken cancellationToken = default);

  Task<GetUserResponse> GetUserAsync(GetUserRequest request, CancellationToken cancellationToken = default);

  Task<SimulatePrincipalPolicyResponse> SimulatePrincipalPolicyAsync(
    SimulatePrincipalPolicyRequest request,
    CancellationToken cancellationToken = default
  );

  Endpoint DetermineServiceOperationEndpoint(AmazonWebServiceRequest request);

  static ClientConfig IAmazonService.CreateDefaultClientConfig() => new AmazonIdentityManagementServiceConfig();

  static IAmazonService IAmazonService.CreateDefaultServiceClient(
    AWSCredentials awsCredentials,
    ClientConfig clientConfig
  ) => new AmazonIdentityManagementServiceClient(awsCredentials, (AmazonIdentityManagementServiceConfig)clientConfig);
}
