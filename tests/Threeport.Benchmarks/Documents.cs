namespace Threeport.Benchmarks;

/// <summary>What is written: the same manifest on both sides, as one kind's field and as a custom resource's.</summary>
internal static class Documents
{
    public const string Definitions = "/v0/workload-definitions";
    public const string CustomResources = "/apis/benchmark.threeport.io/v1/namespaces/default/definitions";
    public const string CustomResourceDefinitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    public const string Deployments = "/apis/apps/v1/namespaces/default/deployments";
    public const string ReplicaSets = "/apis/apps/v1/namespaces/default/replicasets";

    /// <summary>The custom resource's definition, with a schema as the API server demands one.</summary>
    public const string Kind = """
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"definitions.benchmark.threeport.io"},
        "spec":{"group":"benchmark.threeport.io","scope":"Namespaced","names":{"plural":"definitions","singular":"definition","kind":"Definition"},
        "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object",
        "properties":{"yamlDocument":{"type":"string","maxLength":1048576}}}}}}}]}}
        """;

    private const string Manifest =
        "apiVersion: v1\\nkind: ConfigMap\\nmetadata:\\n  name: web\\ndata:\\n  greeting: hello\\n";

    /// <summary>A name that was not used before, in this run or another.</summary>
    public static string Name() => $"b-{Guid.CreateVersion7():N}";

    public static string Definition(string name) => $$"""{"name":"{{name}}",{{Spec}}}""";

    public static string CustomResource(string name) =>
        $$$"""{"apiVersion":"benchmark.threeport.io/v1","kind":"Definition","metadata":{"name":"{{{name}}}"},{{{Spec}}}}""";

    /// <summary>Many definitions in one request.</summary>
    public static string Apply(IEnumerable<string> names, Func<int, string>? labels = null) =>
        $$"""{"resources":[{{string.Join(
            ',',
            names.Select(
                (n, i) => $$"""{"kind":"workload-definition","name":"{{n}}","labels":{{labels?.Invoke(i) ?? "{}"}},{{Spec}}}"""
            )
        )}}]}""";

    /// <summary>Whether a line of a watch of ours shows something that is ready.</summary>
    public static bool IsReady(string line) =>
        line.Contains("\"type\":\"Ready\",\"status\":\"True\"", StringComparison.Ordinal);

    /// <summary>The text that follows the key, which ends with the quote that begins it.</summary>
    public static string? NameIn(string line, string key)
    {
        var at = line.IndexOf(key, StringComparison.Ordinal) + key.Length;
        return at < key.Length ? null : line[at..line.IndexOf('"', at)];
    }

    public static string Deployment(string name) => Replicated("Deployment", name, 1);

    /// <summary>Of no replicas: its controller has nothing to do but to say that it looked.</summary>
    public static string ReplicaSet(string name) => Replicated("ReplicaSet", name, 0);

    private static string Spec =>
        $$"""
            "spec":{"yamlDocument":"{{Manifest}}"}
            """;

    private static string Replicated(string kind, string name, int replicas) =>
        $$$$$"""{"apiVersion":"apps/v1","kind":"{{{{{kind}}}}}","metadata":{"name":"{{{{{name}}}}}"},"spec":{"replicas":{{{{{replicas}}}}},"selector":{"matchLabels":{"app":"{{{{{name}}}}}"}},"template":{"metadata":{"labels":{"app":"{{{{{name}}}}}"}},"spec":{"containers":[{"name":"web","image":"localhost/busybox:1"}]}}}}""";
}
