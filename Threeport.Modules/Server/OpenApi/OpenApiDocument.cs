using System.Text.Json.Nodes;
using Threeport.Api;
using Threeport.Server.Discovery;

namespace Threeport.Server.OpenApi;

/// <summary>
/// The OpenAPI 3.1 document, made from the same descriptions as discovery, so that the two cannot differ. (The generators for
/// ASP.NET read handler signatures; generic endpoints that read bodies strictly have none to read.)
/// </summary>
internal sealed class OpenApiDocument(KindDescriptions kinds)
{
    private readonly Lazy<string> _text = new(() => Build(kinds.All).ToJsonString());

    public string Text => _text.Value;

    private static JsonObject Build(IReadOnlyList<KindDescription> kinds)
    {
        var paths = new JsonObject();
        var schemas = new JsonObject { ["problem"] = ProblemSchema() };
        foreach (var kind in kinds)
        {
            var schema = (JsonObject)kind.Schema.DeepClone();
            schema.Remove("$schema");
            Relocate(schema, $"#/components/schemas/{kind.Singular}");
            schemas[kind.Singular] = schema;
            KindPaths.Add(paths, kind);
        }

        CommonPaths.Add(paths, kinds);
        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Threeport",
                ["version"] = "v0",
                ["description"] = "A control plane for applications: say what should run and where.",
            },
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                },
            },
        };
    }

    /// <summary>Pointers within a kind's own schema start at its new place.</summary>
    private static void Relocate(JsonNode? node, string place)
    {
        switch (node)
        {
            case JsonObject members:
                if (members["$ref"] is JsonValue reference && (string?)reference is ['#', .. var rest])
                {
                    members["$ref"] = place + rest;
                }

                foreach (var (_, value) in members)
                {
                    Relocate(value, place);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Relocate(item, place);
                }

                break;
        }
    }

    private static JsonObject ProblemSchema() =>
        new()
        {
            ["type"] = "object",
            ["description"] = "Why a request was not done (RFC 9457).",
            ["properties"] = new JsonObject
            {
                ["type"] = Words("What sort of problem."),
                ["title"] = Words("The sort in words."),
                ["status"] = new JsonObject { ["type"] = "integer" },
                ["detail"] = Words("This case in words."),
                ["traceId"] = Words("The trace that the request belongs to."),
                ["errors"] = new JsonObject
                {
                    ["type"] = "array",
                    ["description"] = "One entry for each wrong field.",
                    ["items"] = new JsonObject
                    {
                        ["type"] = "object",
                        ["properties"] = new JsonObject
                        {
                            ["pointer"] = Words("Where, as a JSON pointer."),
                            ["detail"] = Words("What is wrong and what is allowed."),
                        },
                    },
                },
                ["blockers"] = new JsonObject
                {
                    ["type"] = "array",
                    ["description"] = "What else is in the way, as kind/name.",
                    ["items"] = new JsonObject { ["type"] = "string" },
                },
            },
        };

    private static JsonObject Words(string description) => new() { ["type"] = "string", ["description"] = description };
}
