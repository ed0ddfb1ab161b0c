using Amazon.EKS.Model;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;

namespace Amazon.EKS;

public interface IAmazonEKS : IAmazonService, IDisposable
{
  Task<CreateClusterResponse> CreateClusterAsync(
    CreateClusterRequest request,
    CancellationToken cancellationToken = default
  );

  Task<DescribeClusterResponse> DescribeClusterAsync(
    DescribeClusterRequest request,
    CancellationToken cancellationToken = default
  );

  Task<ListClustersResponse> ListClustersAsync(
    ListClustersRequest request,
    CancellationToken cancellationToken = default
  );

  Task<DeleteClusterResponse> DeleteClusterAsync(
    DeleteClusterRequest request,
    CancellationToken cancellationToken = default
  );

  Task<UpdateClusterConfigResponse> UpdateClusterConfigAsync(
    UpdateClusterConfigRequest request,
    CancellationToken cancellationToken = default
  );

  Task<UpdateClusterVersionResponse> UpdateClusterVersionAsync(
    UpdateClusterVersionRequest request,
    CancellationToken cancellationToken = default
  );

  Task<DescribeClusterVersionsResponse> DescribeClusterVersionsAsync(
    DescribeClusterVersionsRequest request,
    CancellationToken cancellationToken = default
  );

  Task<DescribeUpdateResponse> DescribeUpdateAsync(
    DescribeUpdateRequest request,
    CancellationToken cancellationToken = default
  );

  Task<CreateNodegroupResponse> CreateNodegroupAsync(
    CreateNodegroupRequest request,
    CancellationToken cancellationToken = default
  );

  Task<DescribeNodegroupResponse> DescribeNodegroupAsync(
    DescribeNodegroupRequest request,
    CancellationToken cancellationToken = default
  );

  Task<ListNodegroupsResponse> ListNodegroupsAsync(
    ListNodegroupsRequest request,
    CancellationToken cancellationToken = default
  );

  Task<DeleteNodegroupResponse> DeleteNodegroupAsync(
    DeleteNodegroupRequest request,
    CancellationToken cancellationToken = default
  );

  Task<UpdateNodegroupConfigResponse> UpdateNodegroupConfigAsync(
    UpdateNodegroupConfigRequest request,
    CancellationToken cancellationToken = default
  );

  Task<UpdateNodegroupVersionResponse> UpdateNodegroupVersionAsync(
    UpdateNodegroupVersionRequest request,
    CancellationToken cancellationToken = default
  );

  Task<CreateAddonResponse> CreateAddonAsync(CreateAddonRequest request, CancellationToken cancellationToken = default);

  Task<DescribeAddonResponse> DescribeAddonAsync(
    DescribeAddonRequest request,
    CancellationToken cancellationToken = default
  );

  Task<ListAddonsResponse> ListAddonsAsync(ListAddonsRequest request, CancellationToken cancellationToken = default);

  Task<DeleteAddonResponse> DeleteAddonAsync(DeleteAddonRequest request, CancellationToken cancellationToken = default);

  Task<UpdateAddonResponse> UpdateAddonAsync(UpdateAddonRequest request, CancellationToken cancellationToken = default);

  Task<DescribeAddonVersionsResponse> DescribeAddonVersionsAsync(
    DescribeAddonVersionsRequest request,
    CancellationToken cancellationToken = default
  );

  Task<CreateAccessEntryResponse> CreateAccessEntryAsync(
    CreateAccessEntryRequest request,
    CancellationToken cancellationToken = default
  );

  Task<DescribeAccessEntryResponse> DescribeAccessEntryAsync(
    DescribeAccessEntryRequest request,
    CancellationToken cancellationToken = default
  );

  Task<ListAccessEntriesResponse> ListAccessEntriesAsync(
    ListAccessEntriesRequest request,
    CancellationToken cancellationToken = default
  );

  Task<DeleteAccessEntryResponse> DeleteAccessEntryAsync(
    DeleteAccessEntryRequest request,
    CancellationToken cancellationToken = default
  );

  Task<AssociateAccessPolicyResponse> AssociateAccessPolicyAsync(
    AssociateAccessPolicyRequest request,
    CancellationToken cancellationToken = default
  );

  Task<ListAssociatedAccessPoliciesResponse> ListAssociatedAccessPoliciesAsync(
    ListAssociatedAccessPoliciesRequest request,
    CancellationToken cancellationToken = default
  );

  Task<TagResourceResponse> TagResourceAsync(TagResourceRequest request, CancellationToken cancellationToken = default);

  Task<UntagResourceResponse> UntagResourceAsync(
    UntagResourceRequest request,
    CancellationToken cancellationToken = default
  );

  Task<ListTagsForResourceResponse> ListTagsForResourceAsync(
    ListTagsForResourceRequest request,
    CancellationToken cancellationToken = default
  );

  Task<CreatePodIdentityAssociationResponse> CreatePodIdentityAssociationAsync(
    CreatePodIdentityAssociationRequest request,
    CancellationToken cancellationToken = default
  );

  Task<DescribePodIdentityAssociationResponse> DescribePodIdentityAssociationAsync(
    DescribePodIdentityAssociationRequest request,
    CancellationToken cancellationToken = default
  );

  Task<ListPodIdentityAssociationsResponse> ListPodIdentityAssociationsAsync(
    ListPodIdentityAssociationsRequest request,
    CancellationToken cancellationToken = default
  );

  Task<DeletePodIdentityAssociationResponse> DeletePodIdentityAssociationAsync(
    DeletePodIdentityAssociationRequest request,
    CancellationToken cancellationToken = default
  );

  Endpoint DetermineServiceOperationEndpoint(AmazonWebServiceRequest request);

  static ClientConfig IAmazonService.CreateDefaultClientConfig() => new AmazonEKSConfig();

  static IAmazonService IAmazonService.CreateDefaultServiceClient(
    AWSCredentials awsCredentials,
    ClientConfig clientConfig
  ) => new AmazonEKSClient(awsCredentials, (AmazonEKSConfig)clientConfig);
}
