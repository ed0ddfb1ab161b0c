using Amazon.Runtime;

namespace Amazon.EKS.Model;

public class TagResourceRequest : AmazonEKSRequest
{
  public string? ResourceArn { get; set; }

  public Dictionary<string, string>? Tags { get; set; }
}

public class TagResourceResponse : AmazonWebServiceResponse;

public class ListTagsForResourceRequest : AmazonEKSRequest
{
  public string? ResourceArn { get; set; }
}

public class ListTagsForResourceResponse : AmazonWebServiceResponse
{
  public Dictionary<string, string>? Tags { get; set; }
}
