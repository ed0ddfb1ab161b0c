using System.Text.Json.Nodes;
using Threeport.Agent.Objects;

namespace Threeport.Agent.Health;

/// <summary>Core kinds that say how they are by their phase or their address.</summary>
internal static class Basics
{
    public static Assessment Claim(JsonObject content) =>
        content.Text("status", "phase") switch
        {
            "Bound" => Assessment.Healthy("Bound"),
            "Lost" => Assessment.Unhealthy("Lost", "its volume is lost"),
            _ => Assessment.Progressing("Pending", "waiting for a volume"),
        };

    public static Assessment Service(JsonObject content) =>
        content.Text("spec", "type") == "LoadBalancer" && !content.Each("status", "loadBalancer", "ingress").Any()
            ? Assessment.Progressing("Pending", "waiting for the load balancer's address")
            : Assessment.Healthy("Active");

    public static Assessment Namespace(JsonObject content) =>
        content.Text("status", "phase") == "Terminating"
            ? Assessment.Progressing("Terminating", "is being deleted")
            : Assessment.Healthy("Active");
}
