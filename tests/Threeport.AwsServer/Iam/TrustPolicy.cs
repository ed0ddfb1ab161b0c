using System.Text.Json;
using System.Text.Json.Nodes;
using Threeport.AwsServer.State;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Iam;

/// <summary>Who may assume a role: the statements of its policy, with the conditions that such policies use.</summary>
internal sealed class TrustPolicy
{
    private readonly IReadOnlyList<JsonObject> _statements;

    private TrustPolicy(string document, IReadOnlyList<JsonObject> statements)
    {
        Document = document;
        _statements = statements;
    }

    public string Document { get; }

    /// <exception cref="AwsException">It is not a policy.</exception>
    public static TrustPolicy Parse(string document)
    {
        try
        {
            var statements = (JsonNode.Parse(document) as JsonObject)?["Statement"] switch
            {
                JsonArray many => [.. many.OfType<JsonObject>()],
                JsonObject one => new List<JsonObject> { one },
                _ => [],
            };
            return
                statements.Count > 0
                && statements.TrueForAll(static s => s["Principal"] is not null && s["Action"] is not null)
                ? new(document, statements)
                : throw Malformed("Has prohibited field or misses a statement");
        }
        catch (JsonException e)
        {
            throw Malformed(e.Message);
        }
    }

    /// <param name="action"><c>sts:AssumeRole</c> or <c>sts:AssumeRoleWithWebIdentity</c>.</param>
    /// <param name="kind">Of the principal: AWS, Service, Federated.</param>
    /// <param name="names">What it is called: its ARN, its account's root, …</param>
    /// <param name="context">What conditions ask for, by key.</param>
    public bool Allows(
        string action,
        string kind,
        IReadOnlyList<string> names,
        IReadOnlyDictionary<string, string>? context = null
    )
    {
        var matching = _statements.Where(statement =>
            Texts(statement["Action"]).Any(pattern => Wildcard.Matches(pattern, action))
            && Names(statement["Principal"], kind).Any(name => name == "*" || names.Contains(name))
            && Holds(statement["Condition"], context ?? new Dictionary<string, string>())
        );
        var effects = matching.Select(static statement => (string?)statement["Effect"]).ToHashSet();
        return effects.Contains("Allow") && !effects.Contains("Deny");
    }

    private static AwsException Malformed(string why) =>
        new("MalformedPolicyDocument", $"This policy contains invalid Json: {why}");

    private static IEnumerable<string> Names(JsonNode? principal, string kind) =>
        principal switch
        {
            JsonValue all => [(string?)all ?? ""],
            JsonObject kinds => Texts(kinds[kind]),
            _ => [],
        };

    private static bool Holds(JsonNode? condition, IReadOnlyDictionary<string, string> context) =>
        condition is not JsonObject operators
        || operators.All(test =>
            test.Value is not JsonObject keys || keys.All(key => Holds(test.Key, key.Key, Texts(key.Value), context))
        );

    private static bool Holds(
        string test,
        string key,
        IEnumerable<string> wanted,
        IReadOnlyDictionary<string, string> context
    )
    {
        var actual = context.FirstOrDefault(pair => pair.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;
        return test switch
        {
            "StringEquals" or "ArnEquals" => actual is not null && wanted.Contains(actual),
            "StringEqualsIfExists" => actual is null || wanted.Contains(actual),
            "StringLike" or "ArnLike" => actual is not null
                && wanted.Any(pattern => Wildcard.Matches(pattern, actual, ignoreCase: false)),
            "StringNotEquals" => actual is null || !wanted.Contains(actual),
            _ => false,
        };
    }

    private static IEnumerable<string> Texts(JsonNode? node) =>
        node switch
        {
            JsonArray many => many.Select(static one => (string?)one ?? ""),
            JsonValue one => [one.ToString()],
            _ => [],
        };
}
