using System.Text.Json.Nodes;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.Agent;

/// <summary>Objects for the cluster.</summary>
internal static class Manifest
{
    public static JsonObject Of(string apiVersion, string kind, string name, string? ns)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns is not null)
        {
            metadata["namespace"] = ns;
        }

        return new()
        {
            ["apiVersion"] = apiVersion,
            ["kind"] = kind,
            ["metadata"] = metadata,
        };
    }

    public static JsonObject Map(string name)
    {
        var map = Of("v1", "ConfigMap", name, "default");
        map["data"] = new JsonObject { ["a"] = "1" };
        return map;
    }

    public static JsonObject Secret(string name, string value)
    {
        var secret = Of("v1", "Secret", name, "default");
        secret["data"] = new JsonObject { ["password"] = value };
        return secret;
    }

    public static JsonObject Event(string name, JsonObject about, string type, string reason, string message, int count)
    {
        var one = Of("v1", "Event", name, "default");
        one["type"] = type;
        one["reason"] = reason;
        one["message"] = message;
        one["count"] = count;
        one["source"] = new JsonObject { ["component"] = "test" };
        one["involvedObject"] = new JsonObject
        {
            ["kind"] = about["kind"]!.GetValue<string>(),
            ["namespace"] = "default",
            ["name"] = about["metadata"]!["name"]!.GetValue<string>(),
            ["uid"] = about["metadata"]!["uid"]!.GetValue<string>(),
        };
        return one;
    }

    public static JsonObject Workload(string id, string name, IReadOnlyList<(JsonObject Content, string? Hash)> objects)
    {
        var workload = Of("threeport.io/v1", "ThreeportWorkload", id, null);
        workload["metadata"]!["labels"] = new JsonObject { [AgentScope.Label] = AgentScope.DefaultNamespace };
        var entries = objects.Select(static o =>
        {
            var entry = new JsonObject
            {
                ["apiVersion"] = o.Content["apiVersion"]!.GetValue<string>(),
                ["kind"] = o.Content["kind"]!.GetValue<string>(),
                ["name"] = o.Content["metadata"]!["name"]!.GetValue<string>(),
            };
            if (o.Content["metadata"]!["namespace"] is { } ns)
            {
                entry["namespace"] = ns.GetValue<string>();
            }

            if (o.Hash is not null)
            {
                entry["fieldsHash"] = o.Hash;
            }

            return (JsonNode?)entry;
        });
        workload["spec"] = new JsonObject { ["workloadInstance"] = name, ["objects"] = new JsonArray([.. entries]) };
        return workload;
    }

    public static JsonObject Definition(string group, string kind, string plural, string scope)
    {
        var definition = Of("apiextensions.k8s.io/v1", "CustomResourceDefinition", $"{plural}.{group}", null);
        definition["spec"] = new JsonObject
        {
            ["group"] = group,
            ["scope"] = scope,
            ["names"] = new JsonObject
            {
                ["kind"] = kind,
                ["plural"] = plural,
                ["singular"] = kind.ToLowerInvariant(),
                ["listKind"] = $"{kind}List",
            },
            ["versions"] = JsonNode.Parse(
                """[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]"""
            ),
        };
        return definition;
    }
}
