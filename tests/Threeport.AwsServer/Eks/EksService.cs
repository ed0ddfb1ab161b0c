using System.Text.Json;
using System.Text.Json.Nodes;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.State;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Eks;

/// <summary>EKS, version 2017-11-01: REST-JSON.</summary>
internal sealed class EksService() : Service("eks", Words)
{
    private static readonly ServiceErrors Words = new()
    {
        UnknownKey = ("UnrecognizedClientException", 403),
        WrongSignature = ("InvalidSignatureException", 403),
        Expired = ("ExpiredTokenException", 403),
        Unsigned = ("MissingAuthenticationTokenException", 403),
        Denied = ("AccessDeniedException", 403),
        Throttled = ("ThrottlingException", 429),
        Broken = ("ServerException", 500),
        Unavailable = ("ServiceUnavailableException", 503),
        UnknownOperation = ("UnknownOperationException", 404),
    };

    private static readonly RestRoutes Routes = All();

    public override string? Operation(Incoming request) => Routes.Find(request.Method, request.Path)?.Route.Operation;

    public override Answer Execute(Incoming request, string operation, Cloud cloud, Principal? caller, string region)
    {
        var (route, values) = Routes.Find(request.Method, request.Path)!.Value;
        var call = new RestCall
        {
            Cloud = cloud,
            Principal = caller,
            Region = region,
            Route = values,
            Query = request.Query.ToLookup(static pair => pair.Key, static pair => pair.Value),
            Body = Body(request.Body),
        };
        return new(200, "application/json", route.Handler(call).ToJsonString());
    }

    public override Answer Refuse(AwsException error, string requestId)
    {
        var body = error.Members?.DeepClone().AsObject() ?? [];
        body["message"] = error.Message;
        return new(error.Status, "application/json", body.ToJsonString(), error.Code);
    }

    private static JsonObject Body(byte[] body)
    {
        try
        {
            return body.Length == 0 ? [] : JsonNode.Parse(body) as JsonObject ?? throw Malformed();
        }
        catch (JsonException)
        {
            throw Malformed();
        }
    }

    private static AwsException Malformed() => new("SerializationException", "The body is not a JSON object.");

    private static RestRoutes All()
    {
        var routes = new RestRoutes();
        ClusterOperations.AddTo(routes);
        ClusterUpdates.AddTo(routes);
        ClusterVersions.AddTo(routes);
        NodegroupOperations.AddTo(routes);
        NodegroupUpdates.AddTo(routes);
        AddonOperations.AddTo(routes);
        AccessEntries.AddTo(routes);
        AccessPolicies.AddTo(routes);
        PodIdentities.AddTo(routes);
        EksTags.AddTo(routes);
        return routes;
    }
}
