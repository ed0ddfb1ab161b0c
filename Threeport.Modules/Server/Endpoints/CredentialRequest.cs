using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Access;
using Threeport.Server.Resources;

namespace Threeport.Server.Endpoints;

/// <summary>What is asked for with a token or a certificate.</summary>
/// <param name="Subject">For whom.</param>
/// <param name="Lifetime">For how long.</param>
internal sealed record CredentialRequest(Caller Subject, TimeSpan Lifetime)
{
    private const int MaxRoles = 20;

    /// <param name="body">An object with name, roles and expiresIn.</param>
    /// <param name="usual">The lifetime when none is said.</param>
    /// <param name="longest">The longest that may be said.</param>
    /// <param name="maxText">How long a name may be.</param>
    /// <param name="own">Who it is for when nobody is said; null when it must be said.</param>
    /// <param name="more">What else the body may hold.</param>
    /// <exception cref="ProblemException">400, with the member that is wrong.</exception>
    public static CredentialRequest Read(
        JsonObject body,
        TimeSpan usual,
        TimeSpan longest,
        int maxText,
        Identity? own = null,
        params string[] more
    )
    {
        string[] members = ["name", "roles", "expiresIn", .. more];
        if (body.Select(static m => m.Key).FirstOrDefault(k => !members.Contains(k)) is { } unknown)
        {
            var shown = unknown.Length > 100 ? unknown[..100] + "…" : unknown;
            throw Wrong(shown, $"There is no such member; members are {string.Join(", ", members)}.");
        }

        var subject = own is null ? new Caller(Name(body, maxText), Roles(body, maxText)) : new(own.Name, own.Roles);
        return new(subject, LifetimeIn(body, usual, longest));
    }

    public static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? (string?)node : null;

    public static ProblemException Wrong(string member, string detail) =>
        new(Problems.Validation(new ProblemError($"/{member}", detail)));

    private static string Name(JsonObject body, int maxText) =>
        Text(body["name"]) is { Length: > 0 } name && name.Length <= maxText && !name.Any(char.IsControl)
            ? name
            : throw Wrong("name", $"Must be a text of 1 to {maxText} characters: who the bearer is.");

    private static List<string> Roles(JsonObject body, int maxText)
    {
        if (body["roles"] is not JsonArray { Count: > 0 and <= MaxRoles } array)
        {
            throw Wrong("roles", $"Must be a list of 1 to {MaxRoles} names of roles.");
        }

        var roles = array.Select(Text).OfType<string>().ToList();
        var isWrong = roles.Count < array.Count || roles.Any(r => r.Length > maxText || !IsRole(r));
        return isWrong
            ? throw Wrong("roles", "Must hold names of roles: admin, operator, developer, viewer or one of /v0/roles.")
            : roles;
    }

    /// <summary>A DNS label, or one after <c>controller:</c> or <c>agent:</c>.</summary>
    private static bool IsRole(string role) => Labels.IsName(Caller.ModuleOf(role) ?? Caller.RuntimeOf(role) ?? role);

    private static TimeSpan LifetimeIn(JsonObject body, TimeSpan usual, TimeSpan longest) =>
        body["expiresIn"] is null ? usual
        : Text(body["expiresIn"]) is { } text && Duration(text) is { } duration && duration <= longest ? duration
        : throw Wrong("expiresIn", $"Must be a duration of at most {longest.TotalDays:0} days: 30d, 12h, 30m.");

    private static TimeSpan? Duration(string text) =>
        text.Length is > 1 and < 8
        && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number > 0
            ? text[^1] switch
            {
                'd' => TimeSpan.FromDays(number),
                'h' => TimeSpan.FromHours(number),
                'm' => TimeSpan.FromMinutes(number),
                's' => TimeSpan.FromSeconds(number),
                _ => null,
            }
            : null;
}
