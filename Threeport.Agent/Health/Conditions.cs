using System.Text.Json.Nodes;
using Threeport.Agent.Objects;

namespace Threeport.Agent.Health;

/// <summary>
/// Any kind, by the conditions that most of them keep: <c>Ready</c>, <c>Available</c>, <c>Established</c> say that all is well,
/// <c>Failed</c>, <c>Stalled</c>, <c>Degraded</c> that it is not. One without conditions is well when it is there.
/// </summary>
internal static class Conditions
{
    private static readonly string[] Good = ["Ready", "Available", "Established"];
    private static readonly string[] Bad = ["Failed", "Stalled", "Degraded", "NamesNotAccepted"];
    private static readonly string[] Failing =
    [
        "Fail",
        "Error",
        "Invalid",
        "Denied",
        "Forbidden",
        "Rejected",
        "NotAccepted",
    ];

    public static Assessment Any(JsonObject content)
    {
        if (Bad.Select(type => content.Condition(type)).FirstOrDefault(static c => c.Is("True")) is { } bad)
        {
            return Assessment.Unhealthy(bad.Text("type"), Why(bad));
        }

        if (IsUnseen(content))
        {
            return Assessment.Progressing("Pending", "waiting for its controller to see the change");
        }

        if (Good.Select(type => content.Condition(type)).FirstOrDefault(static c => c is not null) is not { } good)
        {
            return Assessment.Healthy("Active");
        }

        if (good.Is("True"))
        {
            return Assessment.Healthy(good.Text("type"));
        }

        var summary = $"Not{good.Text("type")}";
        return good.Is("False") && IsFailure(good.Text("reason"))
            ? Assessment.Unhealthy(summary, Why(good))
            : Assessment.Progressing(summary, Why(good));
    }

    /// <summary>Its controller has not looked at the spec as it is now; only kinds that say what they looked at can be unseen.</summary>
    public static bool IsUnseen(JsonObject content) =>
        content.Number("status", "observedGeneration") is { } observed
            ? observed < content.Number("metadata", "generation")
            : IsBuiltIn(content) && content.Number("metadata", "generation") is not null;

    /// <summary>Those always say what they looked at, once they have.</summary>
    private static bool IsBuiltIn(JsonObject content) => content.Text("apiVersion") == "apps/v1";

    private static bool IsFailure(string reason) =>
        Failing.Any(word => reason.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static string Why(JsonObject condition) =>
        (condition.Text("reason"), condition.Text("message")) switch
        {
            ("", "") => $"{condition.Text("type")} is {condition.Text("status")}",
            ("", var message) => message,
            (var reason, "") => reason,
            var (reason, message) => $"{reason}: {message}",
        };
}
