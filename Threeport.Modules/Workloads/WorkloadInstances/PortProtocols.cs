using System.Text.Json.Nodes;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>
/// Writes out the protocol of ports, TCP, where a manifest leaves it to the default. It is part of the key of a list of ports,
/// and the server-side apply of API servers before 1.21 refuses an entry without it.
/// </summary>
internal static class PortProtocols
{
    public static void FillIn(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    if (name is "ports" && value is JsonArray ports)
                    {
                        ports.OfType<JsonObject>().Where(IsPort).ToList().ForEach(static p => p["protocol"] ??= "TCP");
                    }

                    FillIn(value);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    FillIn(item);
                }

                break;
        }
    }

    /// <summary>Of a Service, or of a container.</summary>
    private static bool IsPort(JsonObject port) => port["containerPort"] is not null || port["port"] is not null;
}
