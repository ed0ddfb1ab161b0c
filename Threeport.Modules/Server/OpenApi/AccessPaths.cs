using System.Text.Json.Nodes;
using static Threeport.Server.OpenApi.Operations;

namespace Threeport.Server.OpenApi;

/// <summary>The routes about who may do what.</summary>
internal static class AccessPaths
{
    private const string Tag = "access";

    public static void Add(JsonObject paths)
    {
        paths["/v0/auth"] = new JsonObject
        {
            ["get"] = Of(Tag, "Who asks, and what he may do", [], null, Ok("200", "The caller.", Object())),
        };
        paths["/v0/audit"] = new JsonObject
        {
            ["get"] = Of(
                Tag,
                "Who did what, allowed or denied, newest first",
                [
                    Parameter("actor", "query", "Who."),
                    Parameter("target", "query", "The plural of a kind, or tokens, certificates."),
                    Parameter("name", "query", "Of what."),
                    Parameter("allowed", "query", "Whether it was.", "boolean"),
                    Parameter("since", "query", "From this time on."),
                    Parameter("until", "query", "Before this time."),
                    Parameter("limit", "query", "1 to 500; 50 when left out.", "integer"),
                    Parameter("continue", "query", "From the page before."),
                ],
                null,
                Ok("200", "A page of entries.", List(Object()))
            ),
        };
        paths["/v0/keys"] = Keys();
        paths["/v0/tokens"] = new JsonObject
        {
            ["get"] = Issued("API tokens"),
            ["post"] = Of(Tag, "Issue an API token", [], Json(Object()), Ok("201", "The token, shown once.", Object())),
        };
        paths["/v0/tokens/{id}"] = new JsonObject { ["delete"] = Revoke("an API token") };
        paths["/v0/certificates"] = new JsonObject
        {
            ["get"] = Issued("Client certificates"),
            ["post"] = Of(
                Tag,
                "Issue a client certificate for a key, or renew the caller's",
                [],
                Json(Object()),
                Ok("201", "The certificate.", Object())
            ),
        };
        paths["/v0/certificates/{id}"] = new JsonObject { ["delete"] = Revoke("a client certificate") };
    }

    private static JsonObject Keys() =>
        new()
        {
            ["get"] = Of(
                Tag,
                "The keys that sensitive values are encrypted with",
                [],
                null,
                Ok("200", "Their ids, oldest first.", CommonPaths.AnyList())
            ),
            ["post"] = Of(
                Tag,
                "Rotate: add a key, encrypt everything anew, remove the one before",
                [],
                null,
                Ok("202", "The new key's id.", Object())
            ),
        };

    private static JsonObject Issued(string what) =>
        Of(
            Tag,
            $"{what} that have not expired",
            [],
            null,
            Ok("200", $"{what}, without secrets.", CommonPaths.AnyList())
        );

    private static JsonObject Revoke(string what) =>
        Of(
            Tag,
            $"Revoke {what}",
            [Parameter("id", "path", "As it is listed.")],
            null,
            new() { ["204"] = new JsonObject { ["description"] = "It is revoked." } }
        );

    private static JsonObject Object() => new() { ["type"] = "object" };
}
