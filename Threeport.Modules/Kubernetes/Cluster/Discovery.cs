using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace Threeport.Kubernetes;

/// <summary>
/// The types that a cluster serves, read one API version at a time when first asked for. A type that is not known is looked
/// up again, so that one whose definition was just applied is found, but not more often than <see cref="MissAge"/>.
/// </summary>
internal sealed class Discovery(Func<string, CancellationToken, Task<JsonObject>> get, TimeProvider time)
{
    internal static readonly TimeSpan MissAge = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, Version> _versions = new(StringComparer.Ordinal);

    private sealed record Version(FrozenDictionary<string, ApiResource> ByKind, long ReadAt);

    public async ValueTask<ApiResource?> FindAsync(string apiVersion, string kind, CancellationToken cancellationToken)
    {
        if (_versions.TryGetValue(apiVersion, out var known))
        {
            if (known.ByKind.TryGetValue(kind, out var resource))
            {
                return resource;
            }

            if (time.GetElapsedTime(known.ReadAt) < MissAge)
            {
                return null;
            }
        }

        known = await ReadAsync(apiVersion, cancellationToken);
        _versions[apiVersion] = known;
        return known.ByKind.GetValueOrDefault(kind);
    }

    /// <summary>Forgets a version: the server no longer knows a type that it had.</summary>
    public void Forget(string apiVersion) => _versions.TryRemove(apiVersion, out _);

    private async Task<Version> ReadAsync(string apiVersion, CancellationToken cancellationToken)
    {
        JsonArray resources;
        try
        {
            var answer = await get(ApiResource.Root(apiVersion), cancellationToken);
            resources = answer["resources"] as JsonArray ?? [];
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            resources = [];
        }

        var kinds = new Dictionary<string, ApiResource>(StringComparer.Ordinal);
        foreach (var resource in resources.OfType<JsonObject>())
        {
            var plural = resource["name"]!.GetValue<string>();
            if (!plural.Contains('/', StringComparison.Ordinal))
            {
                var kind = resource["kind"]!.GetValue<string>();
                var verbs = resource["verbs"] as JsonArray ?? [];
                kinds.TryAdd(
                    kind,
                    new(
                        apiVersion,
                        kind,
                        plural,
                        resource["namespaced"]?.GetValue<bool>() ?? false,
                        [.. verbs.Select(static v => v!.GetValue<string>())]
                    )
                );
            }
        }

        return new(kinds.ToFrozenDictionary(StringComparer.Ordinal), time.GetTimestamp());
    }
}
