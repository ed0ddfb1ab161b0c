using System.Xml.Linq;
using Threeport.AwsServer.State;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Calls;

/// <summary>The operations of a service by name.</summary>
internal sealed class QueryOperations : Dictionary<string, Func<QueryCall, XElement?[]>>
{
    public QueryOperations()
        : base(StringComparer.Ordinal) { }
}

/// <summary>A service of the Query protocol: the operation is a parameter, the answer XML.</summary>
internal abstract class QueryService(
    string name,
    XNamespace space,
    string missingParameter,
    QueryOperations operations,
    ServiceErrors errors
) : Service(name, errors)
{
    public override string? Operation(Incoming request) =>
        request.Form.GetValueOrDefault("Action") is { } action && operations.ContainsKey(action) ? action : null;

    public override Answer Execute(Incoming request, string operation, Cloud cloud, Principal? caller, string region)
    {
        var call = new QueryCall
        {
            Cloud = cloud,
            Principal = caller,
            Region = region,
            Parameters = new(request.Form, missingParameter),
        };
        BeforeExecuting(call);
        return Write(200, space, Wrap(operation, operations[operation](call), request.RequestId));
    }

    protected virtual void BeforeExecuting(QueryCall call) { }

    protected abstract XElement Wrap(string operation, XElement?[] content, string requestId);

    protected static Answer Write(int status, XNamespace space, XElement content) =>
        new(
            status,
            "text/xml;charset=UTF-8",
            $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{Xml.In(space, content).ToString(SaveOptions.DisableFormatting)}"
        );
}

/// <summary>IAM and STS, whose answers have a result and metadata.</summary>
internal abstract class ClassicQueryService(string name, XNamespace space, QueryOperations operations)
    : QueryService(name, space, "ValidationError", operations, Words)
{
    /// <summary>What both call the errors that every service has.</summary>
    public static readonly ServiceErrors Words = new()
    {
        UnknownKey = ("InvalidClientTokenId", 403),
        WrongSignature = ("SignatureDoesNotMatch", 403),
        Expired = ("ExpiredToken", 403),
        Unsigned = ("MissingAuthenticationToken", 403),
        Denied = ("AccessDenied", 403),
        Throttled = ("Throttling", 400),
        Broken = ("ServiceFailure", 500),
        Unavailable = ("ServiceUnavailable", 503),
        UnknownOperation = ("InvalidAction", 400),
    };

    private readonly XNamespace _space = space;

    public override Answer Refuse(AwsException error, string requestId) =>
        Write(
            error.Status,
            _space,
            new XElement(
                "ErrorResponse",
                new XElement(
                    "Error",
                    new XElement("Type", error.Status < 500 ? "Sender" : "Receiver"),
                    new XElement("Code", error.Code),
                    new XElement("Message", error.Message)
                ),
                new XElement("RequestId", requestId)
            )
        );

    protected override XElement Wrap(string operation, XElement?[] content, string requestId) =>
        new(
            $"{operation}Response",
            new XElement($"{operation}Result", content),
            new XElement("ResponseMetadata", new XElement("RequestId", requestId))
        );
}
