using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.EndToEnd.Installed;

/// <summary>
/// Every object of a cluster, of every type that can be listed, by type, namespace, name and identity: what was made anew is not what
/// was there. Asked with <c>kubectl</c>, which knows nothing of us.
/// </summary>
internal static class ClusterListing
{
    /// <summary>What happened, not what is there: kept for an hour, whatever becomes of what it happened to.</summary>
    private static readonly string[] NotObjects = ["events", "events.events.k8s.io"];

    /// <summary>A namespace goes when its pods had the time that they are given, and what the cluster looks at again later is gone, too.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    /// <summary>Of all objects of a type in a namespace.</summary>
    private const int MostLines = 100_000;

    private const string Line =
        """{range .items[*]}{.apiVersion} {.kind} {.metadata.namespace}/{.metadata.name} {.metadata.uid}{"\n"}{end}""";

    /// <summary>A line each.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(string kubeconfig)
    {
        var types = await KubectlAsync(kubeconfig, "api-resources", "--verbs=list", "--output=name");
        var listed = types
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Except(NotObjects)
            .ToList();
        Assert.That(listed, Has.Count.GreaterThan(30).And.Member("pods").And.Member("namespaces"));
        var objects = await KubectlAsync(
            kubeconfig,
            "get",
            string.Join(',', listed),
            "--all-namespaces",
            $"--output=jsonpath={Line}"
        );
        return [.. objects.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
    }

    /// <summary>What is of a control plane, without what is another one each time: identities and the ends of generated names.</summary>
    public static async Task<IReadOnlyList<string>> OfControlPlaneAsync(string kubeconfig, string name) =>
        [
            .. (await OfAsync(kubeconfig))
                .Where(l => l.Contains($"threeport-{name}", StringComparison.Ordinal))
                .Select(static l => Generated.Replace(l[..l.LastIndexOf(' ')], ""))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>What it answers, without what the cluster warns of beside.</summary>
    public static async Task<string> KubectlAsync(string kubeconfig, params IReadOnlyList<string> arguments)
    {
        var (exitCode, output) = await EndAsync(kubeconfig, arguments);
        Assert.That(exitCode, Is.Zero, output);
        var lines = output.Split('\n').Where(static l => !l.StartsWith("Warning: ", StringComparison.Ordinal));
        return string.Join('\n', lines);
    }

    /// <summary>Also what it says no to.</summary>
    public static async Task<string> TryKubectlAsync(string kubeconfig, params IReadOnlyList<string> arguments) =>
        (await EndAsync(kubeconfig, arguments)).Output;

    private static async Task<(int ExitCode, string Output)> EndAsync(
        string kubeconfig,
        IReadOnlyList<string> arguments
    )
    {
        await using var process = ChildProcess.Start(
            "kubectl",
            Path.Combine(Machine.KubernetesBinaries!, "kubectl"),
            ["--kubeconfig", kubeconfig, "--request-timeout=20s", .. arguments],
            keptLines: MostLines
        );
        await process.WaitForExitAsync(Longest);
        return (process.ExitCode, process.Output);
    }

    private static readonly System.Text.RegularExpressions.Regex Generated = new(
        "(-token-[a-z0-9]{5}|-[a-z0-9]{6,10}(-[a-z0-9]{5})?|-[a-z0-9]{5})$"
    );
}
