using System.Text.Json.Nodes;
using Threeport.AwsServer.Calls;

namespace Threeport.AwsServer.Eks;

internal sealed record RestRoute(string Operation, string Method, string[] Pattern, Func<RestCall, JsonObject> Handler);

/// <summary>Operations by method and path. Paths are matched as sent, since parts of them are ARNs with encoded slashes.</summary>
internal sealed class RestRoutes
{
    private readonly List<RestRoute> _routes = [];

    /// <param name="operation">Its name.</param>
    /// <param name="method">Of HTTP.</param>
    /// <param name="path"><c>/clusters/{name}</c>.</param>
    /// <param name="handler">What it does.</param>
    public void Add(string operation, string method, string path, Func<RestCall, JsonObject> handler) =>
        _routes.Add(new(operation, method, path.Split('/'), handler));

    public (RestRoute Route, IReadOnlyDictionary<string, string> Values)? Find(string method, string path)
    {
        var parts = path.Split('/');
        foreach (var route in _routes.Where(route => route.Method == method && route.Pattern.Length == parts.Length))
        {
            if (Match(route.Pattern, parts) is { } values)
            {
                return (route, values);
            }
        }

        return null;
    }

    private static Dictionary<string, string>? Match(string[] pattern, string[] parts)
    {
        var values = new Dictionary<string, string>();
        foreach (var (expected, actual) in pattern.Zip(parts))
        {
            if (expected is ['{', .., '}'])
            {
                values[expected[1..^1]] = Uri.UnescapeDataString(actual);
            }
            else if (expected != actual)
            {
                return null;
            }
        }

        return values;
    }
}
