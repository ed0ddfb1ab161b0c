using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Iam;

/// <summary>SimulatePrincipalPolicy: what calls themselves would be told. What an account denies is denied, all else allowed.</summary>
internal static class Simulation
{
    public static void AddTo(QueryOperations operations) => operations["SimulatePrincipalPolicy"] = Simulate;

    private static XElement?[] Simulate(QueryCall call)
    {
        var source = call.Parameters.Required("PolicySourceArn");
        var iam = call.Account.Iam;
        if (iam.Users.Values.All(user => user.Arn != source) && iam.Role(source, call.Now) is null)
        {
            throw IamAnswers.Missing($"The entity with ARN {source} cannot be found.");
        }

        var resources = call.Parameters.Strings("ResourceArns.member");
        var results =
            from action in call.Parameters.Strings("ActionNames.member")
            from resource in resources.DefaultIfEmpty("*")
            select (Action: action, Resource: resource, IsDenied: call.Account.Denies(action));
        return call.IamPage(
            results,
            "EvaluationResults",
            static result =>
                new[]
                {
                    Xml.Text("EvalActionName", result.Action),
                    Xml.Text("EvalResourceName", result.Resource),
                    Xml.Text("EvalDecision", result.IsDenied ? "explicitDeny" : "allowed"),
                    new XElement("MatchedStatements"),
                    new XElement("MissingContextValues"),
                }
        );
    }
}
