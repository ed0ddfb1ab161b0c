using Amazon.EKS.Model;

namespace Amazon.EKS;

/// <summary>The operations: verb and path, whose placeholders are members of the request.</summary>
public partial class AmazonEKSClient
{
  public virtual Task<CreateClusterResponse> CreateClusterAsync(
    CreateClusterRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<CreateClusterRequest, CreateClusterResponse>(request, "POST", "/clusters", cancellationToken);

  public virtual Task<DescribeClusterResponse> DescribeClusterAsync(
    DescribeClusterRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<DescribeClusterRequest, DescribeClusterResponse>(request, "GET", "/clusters/{name}", cancellationToken);

  public virtual Task<ListClustersResponse> ListClustersAsync(
    ListClustersRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<ListClustersRequest, ListClustersResponse>(request, "GET", "/clusters", cancellationToken);

  public virtual Task<DeleteClusterResponse> DeleteClusterAsync(
    DeleteClusterRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<DeleteClusterRequest, DeleteClusterResponse>(request, "DELETE", "/clusters/{name}", cancellationToken);

  public virtual Task<UpdateClusterConfigResponse> UpdateClusterConfigAsync(
    UpdateClusterConfigRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<UpdateClusterConfigRequest, UpdateClusterConfigResponse>(
      request,
      "POST",
      "/clusters/{name}/update-config",
      cancellationToken
    );

  public virtual Task<UpdateClusterVersionResponse> UpdateClusterVersionAsync(
    UpdateClusterVersionRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<UpdateClusterVersionRequest, UpdateClusterVersionResponse>(
      request,
      "POST",
      "/clusters/{name}/updates",
      cancellationToken
    );

  public virtual Task<DescribeClusterVersionsResponse> DescribeClusterVersionsAsync(
    DescribeClusterVersionsRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<DescribeClusterVersionsRequest, DescribeClusterVersionsResponse>(
      request,
      "GET",
      "/cluster-versions",
      cancellationToken
    );

  public virtual Task<DescribeUpdateResponse> DescribeUpdateAsync(
    DescribeUpdateRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<DescribeUpdateRequest, DescribeUpdateResponse>(
      request,
      "GET",
      "/clusters/{name}/updates/{updateId}",
      cancellationToken
    );

  public virtual Task<CreateNodegroupResponse> CreateNodegroupAsync(
    CreateNodegroupRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<CreateNodegroupRequest, CreateNodegroupResponse>(
      request,
      "POST",
      "/clusters/{clusterName}/node-groups",
      cancellationToken
    );

  public virtual Task<DescribeNodegroupResponse> DescribeNodegroupAsync(
    DescribeNodegroupRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<DescribeNodegroupRequest, DescribeNodegroupResponse>(
      request,
      "GET",
      "/clusters/{clusterName}/node-groups/{nodegroupName}",
      cancellationToken
    );

  public virtual Task<ListNodegroupsResponse> ListNodegroupsAsync(
    ListNodegroupsRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<ListNodegroupsRequest, ListNodegroupsResponse>(
      request,
      "GET",
      "/clusters/{clusterName}/node-groups",
      cancellationToken
    );

  public virtual Task<DeleteNodegroupResponse> DeleteNodegroupAsync(
    DeleteNodegroupRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<DeleteNodegroupRequest, DeleteNodegroupResponse>(
      request,
      "DELETE",
      "/clusters/{clusterName}/node-groups/{nodegroupName}",
      cancellationToken
    );

  public virtual Task<UpdateNodegroupConfigResponse> UpdateNodegroupConfigAsync(
    UpdateNodegroupConfigRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<UpdateNodegroupConfigRequest, UpdateNodegroupConfigResponse>(
      request,
      "POST",
      "/clusters/{clusterName}/node-groups/{nodegroupName}/update-config",
      cancellationToken
    );

  public virtual Task<UpdateNodegroupVersionResponse> UpdateNodegroupVersionAsync(
    UpdateNodegroupVersionRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<UpdateNodegroupVersionRequest, UpdateNodegroupVersionResponse>(
      request,
      "POST",
      "/clusters/{clusterName}/node-groups/{nodegroupName}/update-version",
      cancellationToken
    );

  public virtual Task<CreateAddonResponse> CreateAddonAsync(
    CreateAddonRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<CreateAddonRequest, CreateAddonResponse>(
      request,
      "POST",
      "/clusters/{clusterName}/addons",
      cancellationToken
    );

  public virtual Task<DescribeAddonResponse> DescribeAddonAsync(
    DescribeAddonRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<DescribeAddonRequest, DescribeAddonResponse>(
      request,
      "GET",
      "/clusters/{clusterName}/addons/{addonName}",
      cancellationToken
    );

  public virtual Task<ListAddonsResponse> ListAddonsAsync(
    ListAddonsRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<ListAddonsRequest, ListAddonsResponse>(
      request,
      "GET",
      "/clusters/{clusterName}/addons",
      cancellationToken
    );

  public virtual Task<DeleteAddonResponse> DeleteAddonAsync(
    DeleteAddonRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<DeleteAddonRequest, DeleteAddonResponse>(
      request,
      "DELETE",
      "/clusters/{clusterName}/addons/{addonName}",
      cancellationToken
    );

  public virtual Task<UpdateAddonResponse> UpdateAddonAsync(
    UpdateAddonRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<UpdateAddonRequest, UpdateAddonResponse>(
      request,
      "POST",
      "/clusters/{clusterName}/addons/{addonName}/update",
      cancellationToken
    );

  public virtual Task<DescribeAddonVersionsResponse> DescribeAddonVersionsAsync(
    DescribeAddonVersionsRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<DescribeAddonVersionsRequest, DescribeAddonVersionsResponse>(
      request,
      "GET",
      "/addons/supported-versions",
      cancellationToken
    );

  public virtual Task<CreateAccessEntryResponse> CreateAccessEntryAsync(
    CreateAccessEntryRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<CreateAccessEntryRequest, CreateAccessEntryResponse>(
      request,
      "POST",
      "/clusters/{clusterName}/access-entries",
      cancellationToken
    );

  public virtual Task<DescribeAccessEntryResponse> DescribeAccessEntryAsync(
    DescribeAccessEntryRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<DescribeAccessEntryRequest, DescribeAccessEntryResponse>(
      request,
      "GET",
      "/clusters/{clusterName}/access-entries/{principalArn}",
      cancellationToken
    );

  public virtual Task<ListAccessEntriesResponse> ListAccessEntriesAsync(
    ListAccessEntriesRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<ListAccessEntriesRequest, ListAccessEntriesResponse>(
      request,
      "GET",
      "/clusters/{clusterName}/access-entries",
      cancellationToken
    );

  public virtual Task<DeleteAccessEntryResponse> DeleteAccessEntryAsync(
    DeleteAccessEntryRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<DeleteAccessEntryRequest, DeleteAccessEntryResponse>(
      request,
      "DELETE",
      "/clusters/{clusterName}/access-entries/{principalArn}",
      cancellationToken
    );

  public virtual Task<AssociateAccessPolicyResponse> AssociateAccessPolicyAsync(
    AssociateAccessPolicyRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<AssociateAccessPolicyRequest, AssociateAccessPolicyResponse>(
      request,
      "POST",
      "/clusters/{clusterName}/access-entries/{principalArn}/access-policies",
      cancellationToken
    );

  public virtual Task<ListAssociatedAccessPoliciesResponse> ListAssociatedAccessPoliciesAsync(
    ListAssociatedAccessPoliciesRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<ListAssociatedAccessPoliciesRequest, ListAssociatedAccessPoliciesResponse>(
      request,
      "GET",
      "/clusters/{clusterName}/access-entries/{principalArn}/access-policies",
      cancellationToken
    );

  public virtual Task<TagResourceResponse> TagResourceAsync(
    TagResourceRequest request,
    CancellationToken cancellationToken = default
  ) => CallAsync<TagResourceRequest, TagResourceResponse>(request, "POST", "/tags/{resourceArn}", cancellationToken);

  public virtual Task<UntagResourceResponse> UntagResourceAsync(
    UntagResourceRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<UntagResourceRequest, UntagResourceResponse>(request, "DELETE", "/tags/{resourceArn}", cancellationToken);

  public virtual Task<ListTagsForResourceResponse> ListTagsForResourceAsync(
    ListTagsForResourceRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<ListTagsForResourceRequest, ListTagsForResourceResponse>(
      request,
      "GET",
      "/tags/{resourceArn}",
      cancellationToken
    );

  public virtual Task<CreatePodIdentityAssociationResponse> CreatePodIdentityAssociationAsync(
    CreatePodIdentityAssociationRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<CreatePodIdentityAssociationRequest, CreatePodIdentityAssociationResponse>(
      request,
      "POST",
      "/clusters/{clusterName}/pod-identity-associations",
      cancellationToken
    );

  public virtual Task<DescribePodIdentityAssociationResponse> DescribePodIdentityAssociationAsync(
    DescribePodIdentityAssociationRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<DescribePodIdentityAssociationRequest, DescribePodIdentityAssociationResponse>(
      request,
      "GET",
      "/clusters/{clusterName}/pod-identity-associations/{associationId}",
      cancellationToken
    );

  public virtual Task<ListPodIdentityAssociationsResponse> ListPodIdentityAssociationsAsync(
    ListPodIdentityAssociationsRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<ListPodIdentityAssociationsRequest, ListPodIdentityAssociationsResponse>(
      request,
      "GET",
      "/clusters/{clusterName}/pod-identity-associations",
      cancellationToken
    );

  public virtual Task<DeletePodIdentityAssociationResponse> DeletePodIdentityAssociationAsync(
    DeletePodIdentityAssociationRequest request,
    CancellationToken cancellationToken = default
  ) =>
    CallAsync<DeletePodIdentityAssociationRequest, DeletePodIdentityAssociationResponse>(
      request,
      "DELETE",
      "/clusters/{clusterName}/pod-identity-associations/{associationId}",
      cancellationToken
    );
}
