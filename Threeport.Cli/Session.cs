using System.Text.Json.Nodes;
using Threeport.Cli.Configuration;
using Threeport.Cli.Connection;
using Threeport.Cli.Kinds;
using Threeport.Cli.Output;

namespace Threeport.Cli;

/// <summary>What a command works with: the terminal, the chosen control plane, its kinds.</summary>
internal sealed class Session(Terminal terminal, ControlPlane controlPlane, TimeSpan timeout, bool verbose)
    : IDisposable
{
    private KindIndex? _kinds;

    public Terminal Terminal { get; } = terminal;

    public ControlPlane ControlPlane { get; } = controlPlane;

    public ApiClient Client { get; } = new(controlPlane, timeout, verbose ? terminal : null);

    public async Task<KindIndex> KindsAsync(CancellationToken cancellationToken) =>
        _kinds ??= await KindCache.LoadAsync(Client, ControlPlane.Endpoint, refresh: false, cancellationToken);

    /// <summary>A kind by any of its names; one that is not known is asked for again before it is refused.</summary>
    public async Task<Kind> KindAsync(string name, CancellationToken cancellationToken)
    {
        var kinds = await KindsAsync(cancellationToken);
        if (kinds.Find(name) is { } known)
        {
            return known;
        }

        _kinds = await KindCache.LoadAsync(Client, ControlPlane.Endpoint, refresh: true, cancellationToken);
        return _kinds.Require(name);
    }

    /// <exception cref="FailureException">There is no such resource, with what was probably meant.</exception>
    public async Task<JsonObject> GetAsync(Kind kind, string name, CancellationToken cancellationToken)
    {
        var answer = await Client.TrySendAsync(ApiRequest.Get(PathOf(kind, name)), cancellationToken);
        if (answer is { Status: 200, Body: JsonObject found })
        {
            return found;
        }

        if (answer.Status != 404)
        {
            throw ApiProblem.ToFailure(answer);
        }

        var names = new List<string>();
        await foreach (var resource in ListAsync(kind, "", 1_000, cancellationToken))
        {
            names.Add(resource["name"].Text());
        }

        throw new FailureException($"There is no {kind.Singular} named \"{name}\".{Suggest.Hint(name, names)}")
        {
            Document = Json.Write(answer.Body),
        };
    }

    /// <summary>All resources that the query string selects, page by page.</summary>
    public async IAsyncEnumerable<JsonObject> ListAsync(
        Kind kind,
        string query,
        int most,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        string? next = null;
        do
        {
            var size = Math.Min(500, most);
            var token = next is null ? "" : $"&continue={Uri.EscapeDataString(next)}";
            var answer = await Client.SendAsync(
                ApiRequest.Get($"/v0/{kind.Plural}?limit={size}{query}{token}"),
                cancellationToken
            );
            foreach (var item in (answer.Body?["items"] as JsonArray ?? []).OfType<JsonObject>())
            {
                most--;
                yield return item;
            }

            next = answer.Body?["continue"] is { } more ? more.Text() : null;
        } while (next is not null && most > 0);
    }

    public static string PathOf(Kind kind, string name) => $"/v0/{kind.Plural}/{Uri.EscapeDataString(name)}";

    public void Dispose() => Client.Dispose();
}
