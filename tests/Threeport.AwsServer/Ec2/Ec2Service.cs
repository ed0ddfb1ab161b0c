using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Ec2;

/// <summary>EC2, version 2016-11-15.</summary>
internal sealed class Ec2Service() : QueryService("ec2", Space, "MissingParameter", All(), Words)
{
    private static readonly XNamespace Space = "http://ec2.amazonaws.com/doc/2016-11-15/";

    private static readonly ServiceErrors Words = new()
    {
        UnknownKey = ("AuthFailure", 401),
        WrongSignature = ("AuthFailure", 401),
        Expired = ("RequestExpired", 400),
        Unsigned = ("MissingAuthenticationToken", 403),
        Denied = ("UnauthorizedOperation", 403),
        Throttled = ("RequestLimitExceeded", 503),
        Broken = ("InternalError", 500),
        Unavailable = ("Unavailable", 503),
        UnknownOperation = ("InvalidAction", 400),
        KeyMessage = "AWS was not able to validate the provided access credentials",
    };

    // Errors of EC2 are in no namespace.
    public override Answer Refuse(AwsException error, string requestId) =>
        Write(
            error.Status,
            XNamespace.None,
            new XElement(
                "Response",
                new XElement(
                    "Errors",
                    new XElement("Error", new XElement("Code", error.Code), new XElement("Message", error.Message))
                ),
                new XElement("RequestID", requestId)
            )
        );

    protected override void BeforeExecuting(QueryCall call)
    {
        if (call.Parameters.Flag("DryRun") is true)
        {
            throw new AwsException(
                "DryRunOperation",
                "Request would have succeeded, but DryRun flag is set.",
                StatusCodes.Status412PreconditionFailed
            );
        }
    }

    protected override XElement Wrap(string operation, XElement?[] content, string requestId) =>
        new($"{operation}Response", new XElement("requestId", requestId), content);

    private static QueryOperations All()
    {
        var operations = new QueryOperations();
        Places.AddTo(operations);
        Vpcs.AddTo(operations);
        Subnets.AddTo(operations);
        InternetGateways.AddTo(operations);
        Addresses.AddTo(operations);
        NatGateways.AddTo(operations);
        RouteTables.AddTo(operations);
        Routes.AddTo(operations);
        SecurityGroups.AddTo(operations);
        SecurityRules.AddTo(operations);
        Tagging.AddTo(operations);
        NetworkInterfaces.AddTo(operations);
        Compute.AddTo(operations);
        AccountAttributes.AddTo(operations);
        return operations;
    }
}
