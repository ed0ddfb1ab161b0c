using System.ComponentModel;
using System.Diagnostics;
using Threeport.Kubernetes;

namespace Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

/// <summary>Clusters in Docker, made with the <c>kind</c> command. Each call finds out first what is there.</summary>
internal static class KindClusters
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(30);

    /// <summary>Shorter than a pass may take, so that it is this that ends it.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(4);

    /// <summary>What the command may know of this process; all else stays here.</summary>
    private static readonly string[] Environment = ["PATH", "HOME", "DOCKER_HOST", "KIND_EXPERIMENTAL_PROVIDER"];

    private sealed record Outcome(int ExitCode, string Output, string Errors);

    /// <summary>Makes the cluster and keeps its kubeconfig in the status.</summary>
    /// <returns>Null when it is there.</returns>
    public static async Task<Result?> CreateAsync(
        Pass<KubernetesRuntimeInstance> pass,
        CancellationToken cancellationToken
    )
    {
        var name = NameOf(pass.Resource);
        try
        {
            if (await ExistsAsync(name, cancellationToken) && !await AnswersAsync(name, cancellationToken))
            {
                // A process that died while it made the cluster; nothing can run on it yet.
                await RunAsync(Long, cancellationToken, "delete", "cluster", "--name", name);
            }

            if (!await ExistsAsync(name, cancellationToken))
            {
                var folder = Directory.CreateTempSubdirectory("threeport-kind-");
                try
                {
                    await RunAsync(
                        Long,
                        cancellationToken,
                        [
                            "create",
                            "cluster",
                            "--name",
                            name,
                            "--wait",
                            "120s",
                            "--kubeconfig",
                            Path.Combine(folder.FullName, "kubeconfig"),
                        ]
                    );
                }
                finally
                {
                    folder.Delete(recursive: true);
                }
            }

            pass.Resource.Status.Kubeconfig = await KubeconfigAsync(name, cancellationToken);
            await pass.CheckpointAsync(cancellationToken);
            return null;
        }
        catch (KindException exception)
        {
            return exception.Result;
        }
    }

    /// <returns>Null when it is gone.</returns>
    public static async Task<Result?> DeleteAsync(
        KubernetesRuntimeInstance runtime,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var name = NameOf(runtime);
            if (await ExistsAsync(name, cancellationToken))
            {
                await RunAsync(Long, cancellationToken, "delete", "cluster", "--name", name);
            }

            return null;
        }
        catch (KindException exception)
        {
            return exception.Result;
        }
    }

    private static string NameOf(KubernetesRuntimeInstance runtime) => $"threeport-{runtime.Name}";

    private static async Task<bool> ExistsAsync(string name, CancellationToken cancellationToken)
    {
        var clusters = await RunAsync(Quick, cancellationToken, "get", "clusters");
        return clusters.Split('\n', StringSplitOptions.TrimEntries).Contains(name, StringComparer.Ordinal);
    }

    private static Task<string> KubeconfigAsync(string name, CancellationToken cancellationToken) =>
        RunAsync(Quick, cancellationToken, "get", "kubeconfig", "--name", name);

    private static async Task<bool> AnswersAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            using var cluster = new ClusterClient(Kubeconfig.Parse(await KubeconfigAsync(name, cancellationToken)));
            await cluster.VersionAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is KindException or KubeconfigException or KubernetesException)
        {
            return false;
        }
    }

    private static async Task<string> RunAsync(
        TimeSpan limit,
        CancellationToken cancellationToken,
        params string[] arguments
    )
    {
        var outcome = await StartAsync(limit, arguments, cancellationToken);
        return outcome.ExitCode == 0 ? outcome.Output : throw new KindException(Failure(arguments, outcome.Errors));
    }

    private static Result Failure(string[] arguments, string errors)
    {
        var isDocker =
            errors.Contains("docker", StringComparison.OrdinalIgnoreCase)
            && (
                errors.Contains("executable file not found", StringComparison.Ordinal)
                || errors.Contains("Cannot connect", StringComparison.OrdinalIgnoreCase)
                || errors.Contains("daemon", StringComparison.OrdinalIgnoreCase)
            );
        var last = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return isDocker
            ? Result.Waiting(
                "DockerMissing",
                "kind needs Docker, which does not answer on the machine of the controller. Start it.",
                Quick
            )
            : Result.Waiting(
                "KindFailed",
                $"kind {arguments[0]} {arguments[1]} failed: {last.FirstOrDefault() ?? "no message"}",
                Quick
            );
    }

    private static async Task<Outcome> StartAsync(
        TimeSpan limit,
        string[] arguments,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo("kind", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var name in start.Environment.Keys.Except(Environment, StringComparer.Ordinal).ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Start(start);
        process.StandardInput.Close();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return new(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new KindException(
                Result.Waiting(
                    "KindFailed",
                    $"kind {arguments[0]} {arguments[1]} took longer than {limit.TotalSeconds:0} s.",
                    Quick
                )
            );
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new KindException(
                Result.Waiting(
                    "KindMissing",
                    "The command kind is not on the PATH of the controller. Install it: https://kind.sigs.k8s.io",
                    Quick
                )
            );
        }
    }

    private sealed class KindException(Result result) : Exception(result.Message)
    {
        public Result Result { get; } = result;
    }
}
