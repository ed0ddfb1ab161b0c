using Amazon.Runtime;

namespace Amazon.IdentityManagement.Model;

/// <summary>Base of all requests.</summary>
public class AmazonIdentityManagementServiceRequest : AmazonWebServiceRequest;
