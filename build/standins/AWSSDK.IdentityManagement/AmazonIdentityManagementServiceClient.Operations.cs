using Amazon.IdentityManagement.Model;

namespace Amazon.IdentityManagement;

/// <summary>The operations; the action is the method that makes the call.</summary>
public partial class AmazonIdentityManagementServiceClient
{
  public virtual Task<CreateRoleResponse> CreateRoleAsync(
    CreateRoleRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<CreateRoleRequest, CreateRoleResponse>(request, cancellationToken);

  public virtual Task<GetRoleResponse> GetRoleAsync(
    GetRoleRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<GetRoleRequest, GetRoleResponse>(request, cancellationToken);

  public virtual Task<ListRolesResponse> ListRolesAsync(CancellationToken cancellationToken = default) =>
    ListRolesAsync(new ListRolesRequest(), cancellationToken);

  public virtual Task<ListRolesResponse> ListRolesAsync(
    ListRolesRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<ListRolesRequest, ListRolesResponse>(request, cancellationToken);

  public virtual Task<DeleteRoleResponse> DeleteRoleAsync(
    DeleteRoleRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<DeleteRoleRequest, DeleteRoleResponse>(request, cancellationToken);

  public virtual Task<UpdateAssumeRolePolicyResponse> UpdateAssumeRolePolicyAsync(
    UpdateAssumeRolePolicyRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<UpdateAssumeRolePolicyRequest, UpdateAssumeRolePolicyResponse>(request, cancellationToken);

  public virtual Task<TagRoleResponse> TagRoleAsync(
    TagRoleRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<TagRoleRequest, TagRoleResponse>(request, cancellationToken);

  public virtual Task<UntagRoleResponse> UntagRoleAsync(
    UntagRoleRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<UntagRoleRequest, UntagRoleResponse>(request, cancellationToken);

  public virtual Task<ListRoleTagsResponse> ListRoleTagsAsync(
    ListRoleTagsRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<ListRoleTagsRequest, ListRoleTagsResponse>(request, cancellationToken);

  public virtual Task<AttachRolePolicyResponse> AttachRolePolicyAsync(
    AttachRolePolicyRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<AttachRolePolicyRequest, AttachRolePolicyResponse>(request, cancellationToken);

  public virtual Task<DetachRolePolicyResponse> DetachRolePolicyAsync(
    DetachRolePolicyRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<DetachRolePolicyRequest, DetachRolePolicyResponse>(request, cancellationToken);

  public virtual Task<ListAttachedRolePoliciesResponse> ListAttachedRolePoliciesAsync(
    ListAttachedRolePoliciesRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<ListAttachedRolePoliciesRequest, ListAttachedRolePoliciesResponse>(request, cancellationToken);

  public virtual Task<PutRolePolicyResponse> PutRolePolicyAsync(
    PutRolePolicyRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<PutRolePolicyRequest, PutRolePolicyResponse>(request, cancellationToken);

  public virtual Task<GetRolePolicyResponse> GetRolePolicyAsync(
    GetRolePolicyRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<GetRolePolicyRequest, GetRolePolicyResponse>(request, cancellationToken);

  public virtual Task<ListRolePoliciesResponse> ListRolePoliciesAsync(
    ListRolePoliciesRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<ListRolePoliciesRequest, ListRolePoliciesResponse>(request, cancellationToken);

  public virtual Task<DeleteRolePolicyResponse> DeleteRolePolicyAsync(
    DeleteRolePolicyRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<DeleteRolePolicyRequest, DeleteRolePolicyResponse>(request, cancellationToken);

  public virtual Task<CreatePolicyResponse> CreatePolicyAsync(
    CreatePolicyRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<CreatePolicyRequest, CreatePolicyResponse>(request, cancellationToken);

  public virtual Task<GetPolicyResponse> GetPolicyAsync(
    GetPolicyRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<GetPolicyRequest, GetPolicyResponse>(request, cancellationToken);

  public virtual Task<ListPoliciesResponse> ListPoliciesAsync(CancellationToken cancellationToken = default) =>
    ListPoliciesAsync(new ListPoliciesRequest(), cancellationToken);

  public virtual Task<ListPoliciesResponse> ListPoliciesAsync(
    ListPoliciesRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<ListPoliciesRequest, ListPoliciesResponse>(request, cancellationToken);

  public virtual Task<DeletePolicyResponse> DeletePolicyAsync(
    DeletePolicyRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<DeletePolicyRequest, DeletePolicyResponse>(request, cancellationToken);

  public virtual Task<TagPolicyResponse> TagPolicyAsync(
    TagPolicyRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<TagPolicyRequest, TagPolicyResponse>(request, cancellationToken);

  public virtual Task<CreateOpenIDConnectProviderResponse> CreateOpenIDConnectProviderAsync(
    CreateOpenIDConnectProviderRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<CreateOpenIDConnectProviderRequest, CreateOpenIDConnectProviderResponse>(request, cancellationToken);

  public virtual Task<GetOpenIDConnectProviderResponse> GetOpenIDConnectProviderAsync(
    GetOpenIDConnectProviderRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<GetOpenIDConnectProviderRequest, GetOpenIDConnectProviderResponse>(request, cancellationToken);

  public virtual Task<ListOpenIDConnectProvidersResponse> ListOpenIDConnectProvidersAsync(
    ListOpenIDConnectProvidersRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<ListOpenIDConnectProvidersRequest, ListOpenIDConnectProvidersResponse>(request, cancellationToken);

  public virtual Task<DeleteOpenIDConnectProviderResponse> DeleteOpenIDConnectProviderAsync(
    DeleteOpenIDConnectProviderRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<DeleteOpenIDConnectProviderRequest, DeleteOpenIDConnectProviderResponse>(request, cancellationToken);

  public virtual Task<TagOpenIDConnectProviderResponse> TagOpenIDConnectProviderAsync(
    TagOpenIDConnectProviderRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<TagOpenIDConnectProviderRequest, TagOpenIDConnectProviderResponse>(request, cancellationToken);

  public virtual Task<ListOpenIDConnectProviderTagsResponse> ListOpenIDConnectProviderTagsAsync(
    ListOpenIDConnectProviderTagsRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<ListOpenIDConnectProviderTagsRequest, ListOpenIDConnectProviderTagsResponse>(request, cancellationToken);

  public virtual Task<ListInstanceProfilesForRoleResponse> ListInstanceProfilesForRoleAsync(
    ListInstanceProfilesForRoleRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<ListInstanceProfilesForRoleRequest, ListInstanceProfilesForRoleResponse>(request, cancellationToken);

  public virtual Task<RemoveRoleFromInstanceProfileResponse> RemoveRoleFromInstanceProfileAsync(
    RemoveRoleFromInstanceProfileRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<RemoveRoleFromInstanceProfileRequest, RemoveRoleFromInstanceProfileResponse>(request, cancellationToken);

  public virtual Task<GetUserResponse> GetUserAsync(CancellationToken cancellationToken = default) =>
    GetUserAsync(new GetUserRequest(), cancellationToken);

  public virtual Task<GetUserResponse> GetUserAsync(
    GetUserRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<GetUserRequest, GetUserResponse>(request, cancellationToken);

  public virtual Task<SimulatePrincipalPolicyResponse> SimulatePrincipalPolicyAsync(
    SimulatePrincipalPolicyRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<SimulatePrincipalPolicyRequest, SimulatePrincipalPolicyResponse>(request, cancellationToken);
}
