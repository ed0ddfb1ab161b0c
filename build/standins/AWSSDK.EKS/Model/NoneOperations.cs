using Amazon.Runtime;

namespace Amazon.EKS.Model;

public class UntagResourceRequest : AmazonEKSRequest
{
  public string? ResourceArn { get; set; }

  public List<string>? TagKeys { get; set; }
}

public class UntagResourceResponse : AmazonWebServiceResponse;
