using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Threeport.Cli.Connection;

namespace Threeport.Cli.Kinds;

/// <summary>
/// Keeps what a control plane said of its kinds, so that most commands are one request. What is kept is asked for again after a
/// minute, by its ETag.
/// </summary>
internal static class KindCache
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    public static async Task<KindIndex> LoadAsync(
        ApiClient client,
        string endpoint,
        bool refresh,
        CancellationToken cancellationToken
    )
    {
        var file = FileOf(endpoint);
        var kept = Read(file);
        if (kept is not null && !refresh && TimeProvider.System.GetUtcNow() - File.GetLastWriteTimeUtc(file) < Fresh)
        {
            return new((JsonArray)kept["kinds"]!);
        }

        var answer = await client.TrySendAsync(
            ApiRequest.Get("/v0/kinds") with
            {
                IfNoneMatch = (string?)kept?["etag"],
            },
            cancellationToken
        );
        if (answer.Status == 304 && kept is not null)
        {
            Touch(file);
            return new((JsonArray)kept["kinds"]!);
        }

        if (answer.Status != 200 || answer.Body is not JsonArray kinds)
        {
            throw ApiProblem.ToFailure(answer);
        }

        Write(file, new JsonObject { ["etag"] = answer.Headers.ETag?.Tag, ["kinds"] = kinds.DeepClone() });
        return new(kinds);
    }

    private static string FileOf(string endpoint)
    {
        var home = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given
            ? given
            : Path.Combine(
                Environment.GetFolderPath(
                    Environment.SpecialFolder.UserProfile,
                    Environment.SpecialFolderOption.DoNotVerify
                ),
                ".cache"
            );
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(endpoint)).AsSpan(0, 8));
        return Path.Combine(home, "threeport", $"kinds-{key}.json");
    }

    private static JsonObject? Read(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(file)) as JsonObject is { } kept && kept["kinds"] is JsonArray
                ? kept
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            // A cache that is not there, or not readable, is no cache.
            return null;
        }
    }

    private static void Touch(string file)
    {
        try
        {
            File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then it is asked for again next time.
        }
    }

    private static void Write(string file, JsonObject kept)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var next = $"{file}.{Environment.ProcessId}";
            File.WriteAllText(next, kept.ToJsonString());
            File.Move(next, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without a cache everything works, one request slower.
        }
    }
}
