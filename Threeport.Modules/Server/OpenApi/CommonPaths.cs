using System.Text.Json.Nodes;
using Threeport.Api;
using static Threeport.Server.OpenApi.Operations;

namespace Threeport.Server.OpenApi;

/// <summary>The routes that belong to no kind.</summary>
internal static class CommonPaths
{
    public static void Add(JsonObject paths, IReadOnlyList<KindDescription> kinds)
    {
        var any = new JsonObject
        {
            ["oneOf"] = new JsonArray([.. kinds.Select(static k => (JsonNode)Ref(k.Singular))]),
        };
        paths["/v0/kinds"] = new JsonObject
        {
            ["get"] = Of(
                "discovery",
                "Every kind: names, schema, columns",
                [],
                null,
                Ok("200", "The kinds.", AnyList())
            ),
        };
        paths["/v0/version"] = new JsonObject
        {
            ["get"] = Of(
                "discovery",
                "Which version answers, and the newest that prepared the database",
                [],
                null,
                Ok(
                    "200",
                    "The versions.",
                    new()
                    {
                        ["type"] = "object",
                        ["properties"] = new JsonObject
                        {
                            ["version"] = new JsonObject { ["type"] = "string" },
                            ["database"] = new JsonObject { ["type"] = "string" },
                        },
                    }
                )
            ),
        };
        paths["/v0/apply"] = new JsonObject
        {
            ["post"] = Of(
                "apply",
                "Create or replace many resources, all of them or none",
                [
                    Parameter("dryRun", "query", "Answer with what would be stored and store nothing.", "boolean"),
                    Parameter("wait", "query", "Answer when all are reconciled, or after this long."),
                ],
                Json(Members("resources", any)),
                Ok("200", "What became of each, in the order given.", Members("results", new() { ["type"] = "object" }))
            ),
        };
        paths["/v0/watch"] = new JsonObject
        {
            ["get"] = Of(
                "watch",
                "Server-sent events: what there is, then each change",
                [
                    Parameter("kinds", "query", "Plurals, with commas between; all when left out."),
                    Parameter("Last-Event-ID", "header", "Resume after this event."),
                ],
                null,
                new()
                {
                    ["200"] = new JsonObject
                    {
                        ["description"] = "Events put, deleted, synced and reset.",
                        ["content"] = Json(new() { ["type"] = "string" }, "text/event-stream"),
                    },
                }
            ),
        };
        AccessPaths.Add(paths);
        BackupPaths.Add(paths);
    }

    public static JsonObject AnyList() =>
        new()
        {
            ["type"] = "array",
            ["items"] = new JsonObject { ["type"] = "object" },
        };

    private static JsonObject Members(string name, JsonObject items) =>
        new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                [name] = new JsonObject { ["type"] = "array", ["items"] = items },
            },
        };
}
