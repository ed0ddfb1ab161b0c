using Amazon.Runtime;

namespace Amazon.IdentityManagement.Model;

public class CreateOpenIDConnectProviderRequest : AmazonIdentityManagementServiceRequest
{
  public string? Url { get; set; }

  public List<string>? ClientIDList { get; set; }

  public List<string>? ThumbprintList { get; set; }

  public List<Tag>? Tags { get; set; }
}

public class CreateOpenIDConnectProviderResponse : AmazonWebServiceResponse
{
  public string? OpenIDConnectProviderArn { get; set; }

  public List<Tag>? Tags { get; set; }
}

public class GetOpenIDConnectProviderRequest : AmazonIdentityManagementServiceRequest
{
  public string? OpenIDConnectProviderArn { get; set; }
}

public class GetOpenIDConnectProviderResponse : AmazonWebServiceResponse
{
  public string? Url { get; set; }

  public List<string>? ClientIDList { get; set; }

  public List<string>? ThumbprintList { get; set; }

  public DateTime? CreateDate { get; set; }

  public List<Tag>? Tags { get; set; }
}

public class ListOpenIDConnectProvidersRequest : AmazonIdentityManagementServiceRequest;

public class ListOpenIDConnectProvidersResponse : AmazonWebServiceResponse
{
  public List<OpenIDConnectProviderListEntry>? OpenIDConnectProviderList { get; set; }
}

public class DeleteOpenIDConnectProviderRequest : AmazonIdentityManagementServiceRequest
{
  public string? OpenIDConnectProviderArn { get; set; }
}

public class DeleteOpenIDConnectProviderResponse : AmazonWebServiceResponse;

public class TagOpenIDConnectProviderRequest : AmazonIdentityManagementServiceRequest
{
  public string? OpenIDConnectProviderArn { get; set; }

  public List<Tag>? Tags { get; set; }
}

public class TagOpenIDConnectProviderResponse : AmazonWebServiceResponse;

public class ListOpenIDConnectProviderTagsRequest : AmazonIdentityManagementServiceRequest
{
  public string? OpenIDConnectProviderArn { get; set; }

  public string? Marker { get; set; }

  public int? MaxItems { get; set; }
}

public class ListOpenIDConnectProviderTagsResponse : AmazonWebServiceResponse
{
  public List<Tag>? Tags { get; set; }

  public bool? IsTruncated { get; set; }

  public string? Marker { get; set; }
}
