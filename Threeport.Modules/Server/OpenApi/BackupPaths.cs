using System.Text.Json.Nodes;
using Threeport.Server.Endpoints;
using static Threeport.Server.OpenApi.Operations;

namespace Threeport.Server.OpenApi;

/// <summary>The routes that make and restore backups.</summary>
internal static class BackupPaths
{
    private const string Tag = "backups";

    public static void Add(JsonObject paths)
    {
        paths["/v0/backups"] = new JsonObject
        {
            ["post"] = Of(
                Tag,
                "Make a backup of everything that is stored, encrypted with the passphrase",
                [],
                Json(Object()),
                new()
                {
                    ["200"] = new JsonObject
                    {
                        ["description"] = "The backup; one that is cut off is noticed by who reads it.",
                        ["content"] = Json(Binary(), BackupEndpoint.MediaType),
                    },
                }
            ),
        };
        paths["/v0/restore"] = new JsonObject
        {
            ["get"] = Of(
                Tag,
                "Whether the control plane was restored and waits for a yes, and what that would set going",
                [],
                null,
                Ok("200", "The mode and the changes.", Object())
            ),
            ["post"] = Of(
                Tag,
                "Restore a backup into an empty control plane, which then only observes",
                [],
                Json(Binary(), BackupEndpoint.MediaType),
                Ok("200", "It is restored.", Object())
            ),
        };
        paths["/v0/restore/confirm"] = new JsonObject
        {
            ["post"] = Of(Tag, "The yes: everything is reconciled", [], null, Ok("200", "How much.", Object())),
        };
    }

    private static JsonObject Object() => new() { ["type"] = "object" };

    private static JsonObject Binary() => new() { ["type"] = "string", ["format"] = "binary" };
}
