using System.Text.Json.Nodes;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Eks;

internal static class EksTags
{
    public static void AddTo(RestRoutes routes)
    {
        routes.Add("TagResource", "POST", "/tags/{resourceArn}", Tag);
        routes.Add("UntagResource", "DELETE", "/tags/{resourceArn}", Untag);
        routes.Add(
            "ListTagsForResource",
            "GET",
            "/tags/{resourceArn}",
            static call => new() { ["tags"] = EksAnswers.Json(Find(call).Tags) }
        );
    }

    private static JsonObject Tag(RestCall call)
    {
        var resource = Find(call);
        if (call.Body["tags"] is not JsonObject)
        {
            throw new AwsException("BadRequestException", "tags is required.");
        }

        resource.Tagged(call);
        return [];
    }

    private static JsonObject Untag(RestCall call)
    {
        var resource = Find(call);
        foreach (var key in call.Query["tagKeys"])
        {
            resource.Tags.Remove(key);
        }

        return [];
    }

    private static EksResource Find(RestCall call)
    {
        var arn = call.Route["resourceArn"];
        return call.Here.Clusters.Values.SelectMany(static cluster => cluster.All).FirstOrDefault(r => r.Arn == arn)
            ?? throw new AwsException("NotFoundException", $"The resource {arn} could not be found.", 404);
    }
}
