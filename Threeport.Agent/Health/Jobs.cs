using System.Text.Json.Nodes;
using Threeport.Agent.Objects;

namespace Threeport.Agent.Health;

/// <summary>What runs to an end.</summary>
internal static class Jobs
{
    public static Assessment Job(JsonObject content)
    {
        var succeeded = content.Count("status", "succeeded");
        var completions = (int)(content.Number("spec", "completions") ?? 1);
        var summary = $"{succeeded}/{completions}";
        if (content.Condition("Failed") is { } failed && failed.Is("True"))
        {
            return Assessment.Unhealthy("Failed", $"{failed.Text("reason")}: {failed.Text("message")}");
        }

        if (content.Condition("Complete").Is("True"))
        {
            return Assessment.Healthy("Complete");
        }

        if (content.Flag("spec", "suspend"))
        {
            return Assessment.Healthy("Suspended");
        }

        var failures = content.Count("status", "failed");
        var tries = failures == 0 ? "" : $", {failures} failed";
        return Assessment.Progressing(
            summary,
            $"waiting for {completions - succeeded} of {completions} to complete{tries}"
        );
    }

    public static Assessment CronJob(JsonObject content)
    {
        if (content.Flag("spec", "suspend"))
        {
            return Assessment.Healthy("Suspended");
        }

        var active = content.Each("status", "active").Count();
        return Assessment.Healthy(active == 0 ? "Scheduled" : $"{active} active");
    }
}
