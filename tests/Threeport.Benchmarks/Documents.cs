namespace Threeport.Benchmarks;

/// <summary>What is written: the same manifest on both sides, as one kind's field and as a custom resource's.</summary>
internal static class Documents
{
    public const string Definitions = "/v0/workload-definitions";
    public const string CustomResources = "/apis/benchmark.threeport.io/v1/namespaces/default/definitions";
    public const string Deployments = "/apis/apps/v1/namespaces/default/deployments";

    private const string Manifest =
        "apiVersion: v1\\nkind: ConfigMap\\nmetadata:\\n  name: web\\ndata:\\n  greeting: hello\\n";

    /// <summary>A name that was not used before, in this run or another.</summary>
    public static string Name() => $"b-{Guid.CreateVersion7():N}";

    public static string Definition(string name) =>
        $$$$$"""{"name":"{{{{{name}}}}}","spec":{"yamlDocument":"{{{{{Manifest}}}}}"}}""";

    public static string CustomResource(string name) =>
        $$$$$"""{"apiVersion":"benchmark.threeport.io/v1","kind":"Definition","metadata":{"name":"{{{{{name}}}}}"},"spec":{"yamlDocument":"{{{{{Manifest}}}}}"}}""";

    public static string Deployment(string name) =>
        $$$$$"""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{{{{name}}}}}"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"{{{{{name}}}}}"}},"template":{"metadata":{"labels":{"app":"{{{{{name}}}}}"}},"spec":{"containers":[{"name":"web","image":"localhost/busybox:1"}]}}}}""";
}
