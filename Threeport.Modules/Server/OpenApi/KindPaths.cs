using System.Text.Json.Nodes;
using Threeport.Api;
using static Threeport.Server.OpenApi.Operations;

namespace Threeport.Server.OpenApi;

/// <summary>The routes of a kind.</summary>
internal static class KindPaths
{
    public static void Add(JsonObject paths, KindDescription kind)
    {
        var (tag, one) = (kind.Plural, kind.Singular);
        paths[$"/v0/{kind.Plural}"] = new JsonObject
        {
            ["get"] = Of(tag, $"List {kind.Plural}", ListParameters(), null, Ok("200", "A page.", List(Ref(one)))),
            ["post"] = Of(tag, $"Create a {one}", WriteParameters(), Json(Ref(one)), Ok("201", "Created.", Ref(one))),
        };
        var merge = Json(Ref(one), "application/merge-patch+json");
        paths[$"/v0/{kind.Plural}/{{name}}"] = new JsonObject
        {
            ["get"] = Of(
                tag,
                $"Get a {one}",
                [Name()],
                null,
                Ok("200", "The resource; its ETag is the revision.", Ref(one))
            ),
            ["put"] = Of(tag, $"Create or replace a {one}", Named(WriteParameters()), Json(Ref(one)), Written(one)),
            ["patch"] = Of(
                tag,
                $"Change a {one} (RFC 7396)",
                Named(WriteParameters()),
                merge,
                Ok("200", "Changed.", Ref(one))
            ),
            ["delete"] = Of(tag, $"Delete a {one}", Named(WriteParameters()), null, Deleted(one)),
        };
        paths[$"/v0/{kind.Plural}/{{name}}/history"] = new JsonObject
        {
            ["get"] = Of(
                tag,
                $"Who changed a {one}, when and what",
                [Name()],
                null,
                Ok("200", "Newest first.", List(new() { ["type"] = "object" }))
            ),
        };
        paths[$"/v0/{kind.Plural}/{{name}}/events"] = new JsonObject
        {
            ["get"] = Of(
                tag,
                $"What happened to a {one}",
                [Name()],
                null,
                Ok("200", "Newest first.", List(new() { ["type"] = "object" }))
            ),
            ["post"] = Of(
                tag,
                $"Record events of a {one} (controllers and agents)",
                [Name()],
                Json(
                    new()
                    {
                        ["type"] = "array",
                        ["items"] = new JsonObject { ["type"] = "object" },
                    }
                ),
                Ok("204", "Recorded.", null)
            ),
        };
    }

    private static JsonObject Written(string schema)
    {
        var responses = Ok("200", "Replaced, or so already.", Ref(schema));
        responses["201"] = Response("Created.", Ref(schema));
        return responses;
    }

    private static JsonObject Deleted(string schema)
    {
        var responses = Ok("200", "Gone.", Ref(schema));
        responses["202"] = Response("Its deletion has begun.", Ref(schema));
        return responses;
    }

    private static JsonObject Name() => Parameter("name", "path", "The resource's name.");

    private static JsonArray Named(JsonArray parameters)
    {
        parameters.Add(Name());
        parameters.Add(Parameter("If-Match", "header", "The ETag that must be the current one; else 412."));
        return parameters;
    }

    private static JsonArray WriteParameters() =>
        [
            Parameter("dryRun", "query", "Answer with what would be stored and store nothing.", "boolean"),
            Parameter(
                "wait",
                "query",
                "Answer when it is reconciled, or after this long (30s, 5m; at most 10m), then with the header Threeport-Wait: timeout."
            ),
        ];

    private static JsonArray ListParameters() =>
        [
            Parameter("sort", "query", "A field, with - before it for descending: name, -age, spec.location."),
            Parameter("limit", "query", "1 to 500; 50 when left out.", "integer"),
            Parameter("continue", "query", "Where the page before ended."),
            new JsonObject
            {
                ["name"] = "filters",
                ["in"] = "query",
                ["description"] =
                    "Any field and the value it must have, or with ! after the field must not have: "
                    + "status=Healthy, status!=Healthy, labels.team=web, spec.location=Local.",
                ["schema"] = new JsonObject
                {
                    ["type"] = "object",
                    ["additionalProperties"] = new JsonObject { ["type"] = "string" },
                },
                ["style"] = "form",
                ["explode"] = true,
            },
        ];
}
