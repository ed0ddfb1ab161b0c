using System.Xml.Linq;
using Threeport.AwsServer.Calls;

namespace Threeport.AwsServer.Iam;

/// <summary>IAM, version 2010-05-08.</summary>
internal sealed class IamService() : ClassicQueryService("iam", Space, All())
{
    private static readonly XNamespace Space = "https://iam.amazonaws.com/doc/2010-05-08/";

    private static QueryOperations All()
    {
        var operations = new QueryOperations();
        Roles.AddTo(operations);
        RolePolicies.AddTo(operations);
        Policies.AddTo(operations);
        PolicyVersions.AddTo(operations);
        OidcProviders.AddTo(operations);
        InstanceProfiles.AddTo(operations);
        Users.AddTo(operations);
        Simulation.AddTo(operations);
        return operations;
    }
}
