using Amazon.Runtime;

namespace Amazon.EKS.Model;

/// <summary>Base of all requests.</summary>
public class AmazonEKSRequest : AmazonWebServiceRequest;
