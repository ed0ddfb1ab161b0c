using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Amazon.IdentityManagement.Model;
using Threeport.StandIns;

namespace Amazon.IdentityManagement;

/// <summary>Every request and response; the compiler writes down their members, and those of what they hold.</summary>
[JsonSerializable(typeof(CreateRoleRequest))]
[JsonSerializable(typeof(CreateRoleResponse))]
[JsonSerializable(typeof(GetRoleRequest))]
[JsonSerializable(typeof(GetRoleResponse))]
[JsonSerializable(typeof(ListRolesRequest))]
[JsonSerializable(typeof(ListRolesResponse))]
[JsonSerializable(typeof(DeleteRoleRequest))]
[JsonSerializable(typeof(DeleteRoleResponse))]
[JsonSerializable(typeof(UpdateAssumeRolePolicyRequest))]
[JsonSerializable(typeof(UpdateAssumeRolePolicyResponse))]
[JsonSerializable(typeof(TagRoleRequest))]
[JsonSerializable(typeof(TagRoleResponse))]
[JsonSerializable(typeof(UntagRoleRequest))]
[JsonSerializable(typeof(UntagRoleResponse))]
[JsonSerializable(typeof(ListRoleTagsRequest))]
[JsonSerializable(typeof(ListRoleTagsResponse))]
[JsonSerializable(typeof(AttachRolePolicyRequest))]
[JsonSerializable(typeof(AttachRolePolicyResponse))]
[JsonSerializable(typeof(DetachRolePolicyRequest))]
[JsonSerializable(typeof(DetachRolePolicyResponse))]
[JsonSerializable(typeof(ListAttachedRolePoliciesRequest))]
[JsonSerializable(typeof(ListAttachedRolePoliciesResponse))]
[JsonSerializable(typeof(PutRolePolicyRequest))]
[JsonSerializable(typeof(PutRolePolicyResponse))]
[JsonSerializable(typeof(GetRolePolicyRequest))]
[JsonSerializable(typeof(GetRolePolicyResponse))]
[JsonSerializable(typeof(ListRolePoliciesRequest))]
[JsonSerializable(typeof(ListRolePoliciesResponse))]
[JsonSerializable(typeof(DeleteRolePolicyRequest))]
[JsonSerializable(typeof(DeleteRolePolicyResponse))]
[JsonSerializable(typeof(CreatePolicyRequest))]
[JsonSerializable(typeof(CreatePolicyResponse))]
[JsonSerializable(typeof(GetPolicyRequest))]
[JsonSerializable(typeof(GetPolicyResponse))]
[JsonSerializable(typeof(ListPoliciesRequest))]
[JsonSerializable(typeof(ListPoliciesResponse))]
[JsonSerializable(typeof(DeletePolicyRequest))]
[JsonSerializable(typeof(DeletePolicyResponse))]
[JsonSerializable(typeof(TagPolicyRequest))]
[JsonSerializable(typeof(TagPolicyResponse))]
[JsonSerializable(typeof(CreateOpenIDConnectProviderRequest))]
[JsonSerializable(typeof(CreateOpenIDConnectProviderResponse))]
[JsonSerializable(typeof(GetOpenIDConnectProviderRequest))]
[JsonSerializable(typeof(GetOpenIDConnectProviderResponse))]
[JsonSerializable(typeof(ListOpenIDConnectProvidersRequest))]
[JsonSerializable(typeof(ListOpenIDConnectProvidersResponse))]
[JsonSerializable(typeof(DeleteOpenIDConnectProviderRequest))]
[JsonSerializable(typeof(DeleteOpenIDConnectProviderResponse))]
[JsonSerializable(typeof(TagOpenIDConnectProviderRequest))]
[JsonSerializable(typeof(TagOpenIDConnectProviderResponse))]
[JsonSerializable(typeof(ListOpenIDConnectProviderTagsRequest))]
[JsonSerializable(typeof(ListOpenIDConnectProviderTagsResponse))]
[JsonSerializable(typeof(ListInstanceProfilesForRoleRequest))]
[JsonSerializable(typeof(ListInstanceProfilesForRoleResponse))]
[JsonSerializable(typeof(RemoveRoleFromInstanceProfileRequest))]
[JsonSerializable(typeof(RemoveRoleFromInstanceProfileResponse))]
[JsonSerializable(typeof(GetUserRequest))]
[JsonSerializable(typeof(GetUserResponse))]
[JsonSerializable(typeof(SimulatePrincipalPolicyRequest))]
[JsonSerializable(typeof(SimulatePrincipalPolicyResponse))]
[JsonSourceGenerationOptions(
  GenerationMode = JsonSourceGenerationMode.Metadata,
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
