using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Amazon.EKS.Model;
using Threeport.StandIns;

namespace Amazon.EKS;

/// <summary>Every request and response; the compiler writes down their members, and those of what they hold.</summary>
[JsonSerializable(typeof(CreateClusterRequest))]
[JsonSerializable(typeof(CreateClusterResponse))]
[JsonSerializable(typeof(DescribeClusterRequest))]
[JsonSerializable(typeof(DescribeClusterResponse))]
[JsonSerializable(typeof(ListClustersRequest))]
[JsonSerializable(typeof(ListClustersResponse))]
[JsonSerializable(typeof(DeleteClusterRequest))]
[JsonSerializable(typeof(DeleteClusterResponse))]
[JsonSerializable(typeof(UpdateClusterConfigRequest))]
[JsonSerializable(typeof(UpdateClusterConfigResponse))]
[JsonSerializable(typeof(UpdateClusterVersionRequest))]
[JsonSerializable(typeof(UpdateClusterVersionResponse))]
[JsonSerializable(typeof(DescribeClusterVersionsRequest))]
[JsonSerializable(typeof(DescribeClusterVersionsResponse))]
[JsonSerializable(typeof(DescribeUpdateRequest))]
[JsonSerializable(typeof(DescribeUpdateResponse))]
[JsonSerializable(typeof(CreateNodegroupRequest))]
[JsonSerializable(typeof(CreateNodegroupResponse))]
[JsonSerializable(typeof(DescribeNodegroupRequest))]
[JsonSerializable(typeof(DescribeNodegroupResponse))]
[JsonSerializable(typeof(ListNodegroupsRequest))]
[JsonSerializable(typeof(ListNodegroupsResponse))]
[JsonSerializable(typeof(DeleteNodegroupRequest))]
[JsonSerializable(typeof(DeleteNodegroupResponse))]
[JsonSerializable(typeof(UpdateNodegroupConfigRequest))]
[JsonSerializable(typeof(UpdateNodegroupConfigResponse))]
[JsonSerializable(typeof(UpdateNodegroupVersionRequest))]
[JsonSerializable(typeof(UpdateNodegroupVersionResponse))]
[JsonSerializable(typeof(CreateAddonRequest))]
[JsonSerializable(typeof(CreateAddonResponse))]
[JsonSerializable(typeof(DescribeAddonRequest))]
[JsonSerializable(typeof(DescribeAddonResponse))]
[JsonSerializable(typeof(ListAddonsRequest))]
[JsonSerializable(typeof(ListAddonsResponse))]
[JsonSerializable(typeof(DeleteAddonRequest))]
[JsonSerializable(typeof(DeleteAddonResponse))]
[JsonSerializable(typeof(UpdateAddonRequest))]
[JsonSerializable(typeof(UpdateAddonResponse))]
[JsonSerializable(typeof(DescribeAddonVersionsRequest))]
[JsonSerializable(typeof(DescribeAddonVersionsResponse))]
[JsonSerializable(typeof(CreateAccessEntryRequest))]
[JsonSerializable(typeof(CreateAccessEntryResponse))]
[JsonSerializable(typeof(DescribeAccessEntryRequest))]
[JsonSerializable(typeof(DescribeAccessEntryResponse))]
[JsonSerializable(typeof(ListAccessEntriesRequest))]
[JsonSerializable(typeof(ListAccessEntriesResponse))]
[JsonSerializable(typeof(DeleteAccessEntryRequest))]
[JsonSerializable(typeof(DeleteAccessEntryResponse))]
[JsonSerializable(typeof(AssociateAccessPolicyRequest))]
[JsonSerializable(typeof(AssociateAccessPolicyResponse))]
[JsonSerializable(typeof(ListAssociatedAccessPoliciesRequest))]
[JsonSerializable(typeof(ListAssociatedAccessPoliciesResponse))]
[JsonSerializable(typeof(TagResourceRequest))]
[JsonSerializable(typeof(TagResourceResponse))]
[JsonSerializable(typeof(UntagResourceRequest))]
[JsonSerializable(typeof(UntagResourceResponse))]
[JsonSerializable(typeof(ListTagsForResourceRequest))]
[JsonSerializable(typeof(ListTagsForResourceResponse))]
[JsonSerializable(typeof(CreatePodIdentityAssociationRequest))]
[JsonSerializable(typeof(CreatePodIdentityAssociationResponse))]
[JsonSerializable(typeof(DescribePodIdentityAssociationRequest))]
[JsonSerializable(typeof(DescribePodIdentityAssociationResponse))]
[JsonSerializable(typeof(ListPodIdentityAssociationsRequest))]
[JsonSerializable(typeof(ListPodIdentityAssociationsResponse))]
[JsonSerializable(typeof(DeletePodIdentityAssociationRequest))]
[JsonSerializable(typeof(DeletePodIdentityAssociationResponse))]
[JsonSourceGenerationOptions(
  GenerationMode = JsonSourceGenerationMode.Metadata,
  PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
  DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
  Converters = [typeof(MomentConverter)]
)]
internal sealed partial class Shapes : JsonSerializerContext;

/// <summary>The shapes without what is never in a body.</summary>
internal static class Bodies
{
  private static readonly JsonSerializerOptions Options = Shape.OfBodies(Shapes.Default.Options);

  public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
}
