using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Threeport.AwsServer;

/// <summary>Who signs the tokens that a cluster gives its service accounts, and with which keys.</summary>
/// <param name="Url">As the tokens say it.</param>
/// <param name="Keys">JWKS.</param>
public sealed record ClusterIssuer(string Url, string Keys)
{
    /// <summary>What an API server itself says of it.</summary>
    public static async Task<ClusterIssuer> FindAsync(ClusterBackend backend, CancellationToken cancellationToken)
    {
        using var http = backend.Connect(asAdministrator: true);
        var configuration = await ReadAsync(http, backend, "/.well-known/openid-configuration", cancellationToken);
        var keys = await ReadAsync(http, backend, "/openid/v1/jwks", cancellationToken);
        return new((string)JsonNode.Parse(configuration)!["issuer"]!, keys);
    }

    private static async Task<string> ReadAsync(
        HttpMessageInvoker http,
        ClusterBackend backend,
        string path,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(backend.Server, path));
        if (backend.Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var response = await http.SendAsync(request, limit.Token);
        return response.StatusCode == HttpStatusCode.OK
            ? await response.Content.ReadAsStringAsync(limit.Token)
            : throw new HttpRequestException($"{request.RequestUri} answered {(int)response.StatusCode}.");
    }
}
