using Amazon.Runtime;

namespace Amazon.EKS.Model;

public class DescribeClusterVersionsRequest : AmazonEKSRequest
{
  public string? ClusterType { get; set; }

  public int? MaxResults { get; set; }

  public string? NextToken { get; set; }

  public bool? DefaultOnly { get; set; }

  public bool? IncludeAll { get; set; }

  public List<string>? ClusterVersions { get; set; }

  public ClusterVersionStatus? Status { get; set; }

  public VersionStatus? VersionStatus { get; set; }
}

public class DescribeClusterVersionsResponse : AmazonWebServiceResponse
{
  public string? NextToken { get; set; }

  public List<ClusterVersionInformation>? ClusterVersions { get; set; }
}
