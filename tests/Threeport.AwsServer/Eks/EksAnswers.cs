using System.Globalization;
using System.Text.Json.Nodes;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Eks;

/// <summary>What EKS's operations have in common.</summary>
internal static class EksAnswers
{
    public static Cluster Cluster(this RestCall call)
    {
        var name = call.Route["name"];
        return call.Here.Clusters.GetValueOrDefault(name)
            ?? throw NotFound($"No cluster found for name: {name}.", ("clusterName", name));
    }

    /// <summary>The cluster, when things can be made in it.</summary>
    public static Cluster ActiveCluster(this RestCall call)
    {
        var cluster = call.Cluster();
        return cluster.Status == "ACTIVE"
            ? cluster
            : throw Refused($"Cluster '{cluster.Name}' is not in ACTIVE status", ("clusterName", cluster.Name));
    }

    public static string Required(this RestCall call, string name) =>
        call.Text(name) is { Length: > 0 } text ? text : throw Invalid($"{name} is required.");

    public static string? Text(this RestCall call, string name) => call.Body.Text(name);

    public static string? Text(this JsonObject node, string name) =>
        node[name] is JsonValue value
            ? value.TryGetValue<string>(out var text)
                ? text
                : value.ToString()
            : null;

    public static int? Number(this JsonObject node, string name) =>
        node[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    public static bool? Flag(this JsonObject node, string name) =>
        node[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    public static JsonObject? Structure(this JsonObject node, string name) => node[name] as JsonObject;

    public static IReadOnlyList<string>? Texts(this JsonObject node, string name) =>
        node[name] is JsonArray array ? [.. array.Select(static item => (string?)item ?? "")] : null;

    public static IReadOnlyDictionary<string, string> Map(this JsonObject node, string name) =>
        (node[name] as JsonObject ?? []).ToDictionary(
            static pair => pair.Key,
            static pair => (string?)pair.Value ?? ""
        );

    public static T Tagged<T>(this T resource, RestCall call)
        where T : EksResource
    {
        foreach (var (key, value) in call.Body.Map("tags"))
        {
            resource.Tags[key] = value;
        }

        return resource;
    }

    public static JsonObject Json(IEnumerable<KeyValuePair<string, string>> map) =>
        new(map.Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    public static JsonArray Json(IEnumerable<string> texts) => new([.. texts.Select(static text => (JsonNode?)text)]);

    /// <summary>Seconds since 1970, as REST-JSON writes times.</summary>
    public static JsonNode Json(DateTimeOffset time) => Math.Round(time.ToUnixTimeMilliseconds() / 1000.0, 3);

    public static JsonObject Health(IEnumerable<HealthIssue> issues) =>
        new()
        {
            ["issues"] = new JsonArray([
                .. issues.Select(static issue => new JsonObject
                {
                    ["code"] = issue.Code,
                    ["message"] = issue.Message,
                    ["resourceIds"] = Json(issue.ResourceIds),
                }),
            ]),
        };

    /// <summary>A page of names and the token for the next.</summary>
    public static JsonObject Page<T>(this RestCall call, string list, IEnumerable<T> values, Func<T, JsonNode?> content)
    {
        var all = values.ToList();
        var size = Number(call, "maxResults") ?? 100;
        var start = Number(call, "nextToken") ?? 0;
        var answer = new JsonObject { [list] = new JsonArray([.. all.Skip(start).Take(size).Select(content)]) };
        if (start + size < all.Count)
        {
            answer["nextToken"] = (start + size).ToString(CultureInfo.InvariantCulture);
        }

        return answer;
    }

    public static AwsException NotFound(string message, params (string Name, string Value)[] members) =>
        Error("ResourceNotFoundException", message, 404, members);

    public static AwsException InUse(string message, params (string Name, string Value)[] members) =>
        Error("ResourceInUseException", message, 409, members);

    public static AwsException Invalid(string message, params (string Name, string Value)[] members) =>
        Error("InvalidParameterException", message, 400, members);

    public static AwsException Refused(string message, params (string Name, string Value)[] members) =>
        Error("InvalidRequestException", message, 400, members);

    private static AwsException Error(string code, string message, int status, (string Name, string Value)[] members) =>
        new(code, message, status)
        {
            Members = new(members.Select(static member => KeyValuePair.Create(member.Name, (JsonNode?)member.Value))),
        };

    private static int? Number(RestCall call, string name) =>
        call.Query[name].FirstOrDefault() is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Invalid($"{name} is not valid.");
}
