using System.Text;
using System.Text.Json.Nodes;
using Threeport.Cli.Files;
using Threeport.Cli.Output;

namespace Threeport.Cli.Clusters.Eks;

/// <summary>
/// The kubeconfig of a cluster at EKS, for this program and for kubectl: nothing in it is secret or ends, since the token comes from
/// <c>threeport aws token</c> each time.
/// </summary>
internal static class EksKubeconfig
{
    /// <param name="name">Of the cluster, and of the context.</param>
    /// <param name="endpoint">Its API's address.</param>
    /// <param name="ca">Its CA, PEM.</param>
    /// <param name="tool">What gives tokens.</param>
    /// <returns>The file.</returns>
    public static string Write(string name, string endpoint, string ca, AwsTool tool)
    {
        var file = InstallationRecord.KubeconfigOf(name);
        OwnerFile.Write(file, Json.Write(Of(name, endpoint, ca, tool.Binary, tool.TokenArguments(name))));
        return file;
    }

    public static JsonObject Of(
        string name,
        string endpoint,
        string ca,
        string program,
        IReadOnlyList<string> arguments
    ) =>
        new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["current-context"] = name,
            ["clusters"] = Named(
                name,
                "cluster",
                new()
                {
                    ["server"] = endpoint,
                    ["certificate-authority-data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(ca)),
                }
            ),
            ["users"] = Named(
                name,
                "user",
                new()
                {
                    ["exec"] = new JsonObject
                    {
                        ["apiVersion"] = "client.authentication.k8s.io/v1beta1",
                        ["command"] = program,
                        ["args"] = new JsonArray([.. arguments.Select(static a => (JsonNode)a)]),
                        ["interactiveMode"] = "Never",
                    },
                }
            ),
            ["contexts"] = Named(name, "context", new() { ["cluster"] = name, ["user"] = name }),
        };

    private static JsonArray Named(string name, string part, JsonObject body) =>
        new((JsonNode)new JsonObject { ["name"] = name, [part] = body });
}
