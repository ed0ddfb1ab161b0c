using System.Text;
using System.Text.Json.Nodes;
using Threeport.Cli.Files;
using Threeport.Cli.Output;
using Threeport.Kubernetes;

namespace Threeport.Cli.Clusters;

/// <summary>
/// The user's own kubeconfig on the user's own machine, read as kubectl reads it: files that it names are read, and commands that it
/// names are run, because it is the user who named them. What comes out holds data alone.
/// </summary>
internal static class UserKubeconfig
{
    /// <param name="path">A file; without one <c>$KUBECONFIG</c>, whose files are taken together, or <c>~/.kube/config</c>.</param>
    /// <param name="context">A context in it; the current one when null.</param>
    /// <exception cref="FailureException">It cannot be used; the message says why.</exception>
    public static async Task<(ClusterConnection Connection, string Context)> ReadAsync(
        string? path,
        string? context,
        CancellationToken cancellationToken
    )
    {
        var files = Files(path);
        var parts = files.Where(File.Exists).Select(static f => (File: f, Root: Root(f))).ToList();
        if (parts.Count == 0)
        {
            throw new FailureException(
                $"There is no kubeconfig at {string.Join(", ", files)}. Name one with --kubeconfig FILE."
            );
        }

        var name =
            context
            ?? parts.Select(static p => p.Root["current-context"].Text()).FirstOrDefault(static c => c.Length > 0)
            ?? throw new FailureException($"{files[0]} has no current context. Name one with --context.");
        var (_, chosen) = Find(parts, "contexts", "context", name);
        var (clusterFile, cluster) = Find(parts, "clusters", "cluster", chosen["cluster"].Text());
        var (userFile, user) = Find(parts, "users", "user", chosen["user"].Text());
        Inline(cluster, clusterFile, "certificate-authority");
        Inline(user, userFile, "client-certificate");
        Inline(user, userFile, "client-key");
        if (user["tokenFile"] is { } tokenFile)
        {
            user["token"] = Encoding.UTF8.GetString(Bytes(userFile, tokenFile.Text())).Trim();
            user.Remove("tokenFile");
        }

        if (user["exec"] is not JsonObject exec)
        {
            return (Parse(name, cluster, user), name);
        }

        user.Remove("exec");
        var ends = await CredentialCommand.AddAsync(user, exec, userFile, cancellationToken);
        var connection = Parse(name, cluster, user);
        return (
            ends is { } end && connection.Token is { } token
                ? connection with
                {
                    TokenSource = new RenewedToken(exec, userFile, token, end).GetAsync,
                }
                : connection,
            name
        );
    }

    private static ClusterConnection Parse(string name, JsonObject cluster, JsonObject user)
    {
        JsonArray Named(string part, JsonObject body) =>
            new((JsonNode)new JsonObject { ["name"] = name, [part] = body.DeepClone() });
        var config = new JsonObject
        {
            ["current-context"] = name,
            ["clusters"] = Named("cluster", cluster),
            ["users"] = Named("user", user),
            ["contexts"] = Named("context", new() { ["cluster"] = name, ["user"] = name }),
        };
        try
        {
            return Kubeconfig.Parse(config.ToJsonString());
        }
        catch (KubeconfigException exception)
        {
            throw new FailureException(
                $"The context \"{name}\" of the kubeconfig cannot be used: {exception.Message}."
            );
        }
    }

    private static List<string> Files(string? path) =>
        path is not null ? [path]
        : Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } list
            ? [.. list.Split(':', StringSplitOptions.RemoveEmptyEntries)]
        :
        [
            Path.Combine(
                Environment.GetFolderPath(
                    Environment.SpecialFolder.UserProfile,
                    Environment.SpecialFolderOption.DoNotVerify
                ),
                ".kube",
                "config"
            ),
        ];

    private static JsonObject Root(string file) =>
        SourceReader.Read(File.ReadAllText(file), file) is [var document, ..] && document.ToJson() is JsonObject root
            ? root
            : throw new FailureException($"{file} is no kubeconfig.");

    /// <summary>Of several files the first that has it counts, as with kubectl.</summary>
    private static (string File, JsonObject Body) Find(
        List<(string File, JsonObject Root)> parts,
        string list,
        string part,
        string name
    )
    {
        var names = new List<string>();
        foreach (var (file, root) in parts)
        {
            foreach (var entry in (root[list] as JsonArray ?? []).OfType<JsonObject>())
            {
                if (entry["name"].Text() == name && entry[part] is JsonObject body)
                {
                    return (file, (JsonObject)body.DeepClone());
                }

                names.Add(entry["name"].Text());
            }
        }

        throw new FailureException(
            $"The kubeconfig {parts[0].File} has no {part} \"{name}\". It has: {string.Join(", ", names)}."
        );
    }

    private static void Inline(JsonObject body, string file, string field)
    {
        if (body[field] is { } path)
        {
            body[$"{field}-data"] = Convert.ToBase64String(Bytes(file, path.Text()));
            body.Remove(field);
        }
    }

    /// <param name="file">The kubeconfig.</param>
    /// <param name="path">Of a file that it names, beside itself or anywhere.</param>
    /// <exception cref="FailureException">It cannot be read.</exception>
    private static byte[] Bytes(string file, string path)
    {
        try
        {
            return File.ReadAllBytes(Beside(file, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException($"{path}, which the kubeconfig {file} names: {e.Message}");
        }
    }

    /// <summary>A path is relative to the kubeconfig that has it.</summary>
    internal static string Beside(string file, string path) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, path);
}
