using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Threeport.Cli.Output;

namespace Threeport.Cli.Clusters;

/// <summary>A command that a kubeconfig gets its credentials from, by the protocol of client-go's plugins: it prints an ExecCredential.</summary>
internal static class CredentialCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <param name="user">Gets the credentials.</param>
    /// <param name="exec">What to run.</param>
    /// <param name="file">The kubeconfig that says so.</param>
    /// <param name="cancellationToken">Ends the command, too.</param>
    /// <returns>When they end; null when it does not say.</returns>
    /// <exception cref="FailureException">It gives none.</exception>
    public static async Task<DateTimeOffset?> AddAsync(
        JsonObject user,
        JsonObject exec,
        string file,
        CancellationToken cancellationToken
    )
    {
        // As with kubectl: one with a slash is looked for beside the kubeconfig, any other on the path.
        var named = exec["command"].Text();
        var command = named.Contains('/', StringComparison.Ordinal) ? UserKubeconfig.Beside(file, named) : named;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var process = Process.Start(Start(command, exec))!;
            var output = await OutputAsync(process, command, limit.Token, cancellationToken);
            if (process.ExitCode != 0 || JsonNode.Parse(output)?["status"] is not { } status)
            {
                throw new FailureException(
                    $"{command}, which the kubeconfig gets its credentials from, ended with {process.ExitCode}."
                );
            }

            Set(user, "token", status["token"]?.Text());
            Set(user, "client-certificate-data", Encoded(status["clientCertificateData"]));
            Set(user, "client-key-data", Encoded(status["clientKeyData"]));
            return DateTimeOffset.TryParse(
                status["expirationTimestamp"].Text(),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var ends
            )
                ? ends
                : null;
        }
        catch (Exception e)
            when (e
                    is System.ComponentModel.Win32Exception
                        or System.Text.Json.JsonException
                        or InvalidOperationException
            )
        {
            throw new FailureException($"{command}, which the kubeconfig gets its credentials from: {e.Message}");
        }
    }

    private static ProcessStartInfo Start(string command, JsonObject exec)
    {
        var start = new ProcessStartInfo(command, (exec["args"] as JsonArray ?? []).Select(static a => a.Text()))
        {
            RedirectStandardOutput = true,
        };
        start.Environment["KUBERNETES_EXEC_INFO"] = Json.Object(
                ("apiVersion", exec["apiVersion"]),
                ("kind", "ExecCredential"),
                ("spec", new JsonObject { ["interactive"] = false })
            )
            .ToJsonString();
        foreach (var variable in (exec["env"] as JsonArray ?? []).OfType<JsonObject>())
        {
            start.Environment[variable["name"].Text()] = variable["value"].Text();
        }

        return start;
    }

    private static void Set(JsonObject user, string name, string? value)
    {
        if (value is null)
        {
            user.Remove(name);
        }
        else
        {
            user[name] = value;
        }
    }

    /// <summary>A command that does not end, perhaps because it asks somebody, is not left behind.</summary>
    private static async Task<string> OutputAsync(
        Process process,
        string command,
        CancellationToken limit,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(limit);
            await process.WaitForExitAsync(limit);
            return output;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new FailureException(
                $"{command}, which the kubeconfig gets its credentials from, did not end within {Limit.TotalSeconds} s."
            );
        }
    }

    private static string? Encoded(JsonNode? pem) =>
        pem is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(pem.Text()));
}
