using System.Diagnostics;
using System.Text.Json.Nodes;
using Threeport.Cli.Configuration;
using Threeport.Cli.Connection;
using Threeport.Cli.Output;
using Threeport.Installation;

namespace Threeport.Cli.Clusters;

/// <summary>What the API tells of versions: its own, the database's, and those of the agents.</summary>
internal sealed class UpgradeApi(ControlPlane controlPlane)
{
    /// <summary>So many in a row, each over a connection of its own, are no longer chance.</summary>
    private const int Answers = 3;

    private const int PageSize = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <returns>Of who answers, and of the database.</returns>
    /// <exception cref="InstallationException">It does not answer.</exception>
    public async Task<(string? Version, string? Database)> VersionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await AskAsync("/v0/version", cancellationToken);
            return answer.Status == 200
                ? (Text(answer.Body, "version"), Text(answer.Body, "database"))
                : throw ApiProblem.ToFailure(answer);
        }
        catch (FailureException e)
        {
            throw new InstallationException(
                $"to ask the API at {controlPlane.Endpoint} which version it is",
                e.Message,
                "An upgrade begins with a control plane that works: `qleetctl status` tells how it is."
            );
        }
    }

    /// <summary>Waits until the API answers as a version, from here, several times in a row.</summary>
    /// <exception cref="InstallationException">It does not.</exception>
    public async Task UntilAsync(
        string? version,
        TimeSpan limit,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        var (start, seen, last) = (Stopwatch.GetTimestamp(), 0, "it was not asked yet");
        while (seen < Answers)
        {
            (var isRight, last) = await TryAsync(version, cancellationToken);
            seen = isRight ? seen + 1 : 0;
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                throw new InstallationException(
                    $"to reach the API at {controlPlane.Endpoint} as version {version}",
                    $"after {limit.TotalSeconds:0} s: {last}",
                    "Its pods are ready, so it is the way there, or another control plane that answers."
                );
            }

            progress(last);
            await Task.Delay(isRight ? TimeSpan.Zero : Pause, cancellationToken);
        }
    }

    /// <summary>The agents of all runtimes that are not being deleted.</summary>
    public async Task<IReadOnlyList<RuntimeAgent>> AgentsAsync(CancellationToken cancellationToken)
    {
        var seen = new Dictionary<string, string>();
        foreach (var observation in await ListAsync("kubernetes-runtime-observations", cancellationToken))
        {
            seen[observation["name"].Text()] = Json.Field(observation, "spec.agentVersion");
        }

        return
        [
            .. (await ListAsync("kubernetes-runtime-instances", cancellationToken))
                .Where(static r => r["deletionRequestedAt"] is null)
                .Select(r => new RuntimeAgent(
                    r["name"].Text(),
                    seen.GetValueOrDefault(r["name"].Text()),
                    Json.Field(r, "status.agent") == "Connected",
                    Text(r["spec"], "threeportAgentImage"),
                    Json.Field(r, "spec.agent") is "External" or "None"
                )),
        ];
    }

    private async Task<(bool IsRight, string State)> TryAsync(string? version, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await AskAsync("/v0/version", cancellationToken);
            var said = Text(answer.Body, "version");
            var isRight = answer.Status == 200 && (version is null || said == version);
            return (isRight, $"it answers {answer.Status}{(said is null ? "" : $" as {said}")}");
        }
        catch (FailureException e)
        {
            return (false, e.Message);
        }
    }

    private async Task<List<JsonObject>> ListAsync(string plural, CancellationToken cancellationToken)
    {
        using var client = Client();
        var found = new List<JsonObject>();
        string? next = null;
        do
        {
            var from = next is null ? "" : $"&continue={Uri.EscapeDataString(next)}";
            var page = await client.SendAsync(
                ApiRequest.Get($"/v0/{plural}?limit={PageSize}{from}"),
                cancellationToken
            );
            found.AddRange((page.Body?["items"] as JsonArray ?? []).OfType<JsonObject>());
            next = Text(page.Body, "continue");
        } while (next is not null);

        return found;
    }

    private async Task<Answer> AskAsync(string path, CancellationToken cancellationToken)
    {
        using var client = Client();
        return await client.TrySendAsync(ApiRequest.Get(path), cancellationToken);
    }

    private ApiClient Client() => new(controlPlane, Patience, null);

    private static string? Text(JsonNode? node, string field) =>
        (node as JsonObject)?[field] is { } value ? value.Text() : null;
}
