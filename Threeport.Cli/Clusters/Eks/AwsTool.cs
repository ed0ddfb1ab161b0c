using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Threeport.Cli.Local;

namespace Threeport.Cli.Clusters.Eks;

/// <summary><c>threeport aws …</c>: AWS is asked by the program that has its SDK, with the user's own credentials.</summary>
internal sealed class AwsTool(EksState state)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>The one that it was begun with, or, where that is no more, one as it would be found today.</summary>
    public string Binary { get; } =
        state.Binary is { } known && File.Exists(known) ? known : LocalControlPlane.FindBinary(given: null);

    /// <summary>What gives a token for a cluster, as kubectl runs it.</summary>
    public IReadOnlyList<string> TokenArguments(string cluster) => Arguments("token", "--cluster", cluster);

    /// <param name="newCluster">The name of a cluster that is not there yet; null when it may be.</param>
    /// <param name="cancellationToken">Ends the program, too.</param>
    public Task<JsonObject> PreflightAsync(string? newCluster, CancellationToken cancellationToken) =>
        RunAsync(
            newCluster is null ? Arguments("preflight") : Arguments("preflight", "--cluster", newCluster),
            cancellationToken
        );

    /// <summary>Whose credentials these are.</summary>
    public Task<JsonObject> IdentityAsync(CancellationToken cancellationToken) =>
        RunAsync(Arguments("identity"), cancellationToken);

    private List<string> Arguments(params IReadOnlyList<string> command)
    {
        List<string> all = ["aws", .. command, "--region", state.Region];
        if (state.Profile is { } profile)
        {
            all.AddRange(["--profile", profile]);
        }

        return all;
    }

    /// <exception cref="FailureException">It gave no answer; the message says what it said instead.</exception>
    private async Task<JsonObject> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var start = new ProcessStartInfo(Binary, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start) ?? throw new FailureException($"{Binary} does not start.");
            var (output, error) = await SaidAsync(process, limit.Token, cancellationToken);
            return Answer(output)
                ?? throw new FailureException(
                    error.Trim() is { Length: > 0 } said
                        ? said.Split('\n')[0].Replace("threeport aws: ", "", StringComparison.Ordinal)
                        : $"{Binary} {string.Join(' ', arguments)} ended with {process.ExitCode} and said nothing."
                );
        }
        catch (Win32Exception e)
        {
            throw new FailureException($"{Binary}: {e.Message}");
        }
    }

    private async Task<(string Output, string Error)> SaidAsync(
        Process process,
        CancellationToken limit,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var (output, error) = (
                process.StandardOutput.ReadToEndAsync(limit),
                process.StandardError.ReadToEndAsync(limit)
            );
            await Task.WhenAll(output, error);
            await process.WaitForExitAsync(limit);
            return (await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new FailureException($"{Binary} aws did not end within {Limit.TotalMinutes:0} minutes.");
        }
    }

    private static JsonObject? Answer(string output)
    {
        try
        {
            return output.Trim().Length == 0 ? null : JsonNode.Parse(output) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
