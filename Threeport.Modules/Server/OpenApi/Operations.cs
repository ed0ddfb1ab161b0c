using System.Text.Json.Nodes;

namespace Threeport.Server.OpenApi;

/// <summary>The pieces that operations are described with.</summary>
internal static class Operations
{
    public static JsonObject Of(
        string tag,
        string summary,
        JsonArray parameters,
        JsonObject? body,
        JsonObject responses
    )
    {
        var operation = new JsonObject
        {
            ["tags"] = new JsonArray(tag),
            ["summary"] = summary,
            ["parameters"] = parameters,
            ["responses"] = responses,
        };
        if (body is not null)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = body };
        }

        responses["default"] = new JsonObject
        {
            ["description"] = "Not done; the problem document says why.",
            ["content"] = Json(Ref("problem"), "application/problem+json"),
        };
        return operation;
    }

    public static JsonObject Ok(string status, string description, JsonObject? schema) =>
        new() { [status] = Response(description, schema) };

    public static JsonObject Response(string description, JsonObject? schema)
    {
        var response = new JsonObject { ["description"] = description };
        if (schema is not null)
        {
            response["content"] = Json(schema);
        }

        return response;
    }

    public static JsonObject Json(JsonObject schema, string mediaType = "application/json") =>
        new() { [mediaType] = new JsonObject { ["schema"] = schema } };

    public static JsonObject Ref(string schema) => new() { ["$ref"] = $"#/components/schemas/{schema}" };

    public static JsonObject List(JsonObject items) =>
        new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["items"] = new JsonObject { ["type"] = "array", ["items"] = items },
                ["continue"] = new JsonObject { ["type"] = "string", ["description"] = "For the next page." },
            },
        };

    public static JsonObject Parameter(string name, string place, string description, string type = "string") =>
        new()
        {
            ["name"] = name,
            ["in"] = place,
            ["required"] = place is "path",
            ["description"] = description,
            ["schema"] = new JsonObject { ["type"] = type },
        };
}
