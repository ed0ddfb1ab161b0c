using System.Text.Json.Nodes;
using Threeport.Cli.Connection;
using Threeport.Cli.Kinds;
using Threeport.Cli.Output;
using Threeport.Installation;

namespace Threeport.Cli.Clusters.Eks;

/// <summary>The resources that stand for the cluster, in whichever control plane they are: all of them have its name.</summary>
/// <param name="client">Of that control plane.</param>
/// <param name="name">The name.</param>
internal sealed class Resources(ApiClient client, string name)
{
    public const string Accounts = "aws-accounts";
    public const string Definitions = "kubernetes-runtime-definitions";
    public const string Clusters = "aws-eks-kubernetes-runtime-instances";

    /// <summary>A control plane that makes a cluster is at it for a quarter of an hour, mostly; AWS has worse days.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>What does not pass by itself: somebody has to do something, and is told what.</summary>
    private static readonly string[] Final =
    [
        "PermissionMissing",
        "QuotaReached",
        "NameTaken",
        "AccountMismatch",
        "CredentialsRefused",
        "LocationNotOffered",
        "NotEnoughZones",
    ];

    /// <returns>Null when there is none.</returns>
    public async Task<JsonObject?> FindAsync(string plural, CancellationToken cancellationToken)
    {
        var answer = await client.TrySendAsync(ApiRequest.Get($"/v0/{plural}/{name}"), cancellationToken);
        return answer.Status switch
        {
            404 => null,
            < 400 => answer.Body as JsonObject,
            _ => throw ApiProblem.ToFailure(answer),
        };
    }

    public Task<Answer> PutAsync(string plural, JsonObject spec, CancellationToken cancellationToken) =>
        client.SendAsync(
            new(HttpMethod.Put, $"/v0/{plural}/{name}", new JsonObject { ["spec"] = spec }),
            cancellationToken
        );

    /// <returns>False when there is none.</returns>
    public async Task<bool> PatchAsync(string plural, JsonObject spec, CancellationToken cancellationToken)
    {
        var answer = await client.TrySendAsync(
            new(HttpMethod.Patch, $"/v0/{plural}/{name}", new JsonObject { ["spec"] = spec }),
            cancellationToken
        );
        return answer.Status < 400 || (answer.Status == 404 ? false : throw ApiProblem.ToFailure(answer));
    }

    /// <summary>Waits until one is as wanted; says meanwhile how far it is.</summary>
    /// <exception cref="InstallationException">It will not be, until somebody does something, or it takes too long.</exception>
    public async Task<JsonObject> UntilAsync(
        string plural,
        Func<JsonObject, bool> isThere,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var found = await FindAsync(plural, cancellationToken);
            if (found is not null && isThere(found))
            {
                return found;
            }

            var state = State(found);
            if (IsFinal(found) || TimeProvider.System.GetElapsedTime(start) > Limit)
            {
                throw Stuck($"to make {plural[..^1]}/{name}", state);
            }

            progress(state);
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Asks for its end, and waits until it is there.</summary>
    /// <exception cref="InstallationException">Something holds it that only a person can take away, or it takes too long.</exception>
    public async Task GoneAsync(string plural, Action<string> progress, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (await FindAsync(plural, cancellationToken) is { } found)
        {
            if (found["deletionRequestedAt"] is null)
            {
                await DeleteAsync(plural, name, cancellationToken);
            }
            else if (IsFinal(found) || TimeProvider.System.GetElapsedTime(start) > Limit)
            {
                throw Stuck($"to delete {plural[..^1]}/{name}", State(found));
            }

            progress(State(found));
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>What is placed on the runtime of that name, whatever it is: it goes before the runtime does.</summary>
    public async Task DependentsGoneAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        var answer = await client.SendAsync(ApiRequest.Get("/v0/kinds"), cancellationToken);
        var kinds = new KindIndex(answer.Body as JsonArray ?? []).All.Where(IsOnRuntime).ToList();
        while (await DependentsAsync(kinds, cancellationToken) is { Count: > 0 } left)
        {
            foreach (var (plural, one) in left.Where(static l => l.Resource["deletionRequestedAt"] is null))
            {
                await DeleteAsync(plural, one["name"].Text(), cancellationToken);
            }

            var first = $"{left[0].Plural[..^1]}/{left[0].Resource["name"].Text()}";
            if (TimeProvider.System.GetElapsedTime(start) > Limit)
            {
                throw Stuck($"to delete {first}", State(left[0].Resource));
            }

            progress($"{first}: {State(left[0].Resource)}");
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static bool IsOnRuntime(Kind kind) =>
        kind.References.Any(static r => r is { Kind: Registration.Runtimes, Owner: false });

    private async Task<List<(string Plural, JsonObject Resource)>> DependentsAsync(
        IReadOnlyList<Kind> kinds,
        CancellationToken cancellationToken
    )
    {
        var found = new List<(string, JsonObject)>();
        foreach (var kind in kinds)
        {
            var path = kind.References.First(static r => r is { Kind: Registration.Runtimes, Owner: false }).Path;
            var list = await client.SendAsync(ApiRequest.Get($"/v0/{kind.Plural}?limit=500"), cancellationToken);
            found.AddRange(
                (list.Body?["items"] as JsonArray ?? [])
                    .OfType<JsonObject>()
                    .Where(r => kind.Named(r, path) == name)
                    .Select(r => (kind.Plural, r))
            );
        }

        return found;
    }

    private async Task DeleteAsync(string plural, string which, CancellationToken cancellationToken)
    {
        var answer = await client.TrySendAsync(
            new(HttpMethod.Delete, $"/v0/{plural}/{Uri.EscapeDataString(which)}"),
            cancellationToken
        );
        if (answer.Status >= 400 && answer.Status != 404)
        {
            throw ApiProblem.ToFailure(answer);
        }
    }

    private static bool IsFinal(JsonObject? resource) =>
        resource is not null && Json.Ready(resource) is { } ready && Final.Contains(ready["reason"].Text());

    private static string State(JsonObject? resource)
    {
        if (resource is null)
        {
            return "it is not there yet";
        }

        var ready = Json.Ready(resource);
        return ready?["message"].Text() is { Length: > 0 } message
            ? message
            : ready?["reason"].Text() ?? "it was just asked for";
    }

    private static InstallationException Stuck(string tried, string state) =>
        new(tried, state, "Do what it says, or look at AWS; then run the same command again.");
}
