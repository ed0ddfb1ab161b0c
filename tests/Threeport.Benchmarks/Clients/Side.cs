using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Threeport.Benchmarks.Servers;

namespace Threeport.Benchmarks.Clients;

/// <summary>A client of one of the two servers: HTTP/1.1 over TLS with keep-alive, trusting the server's CA and nothing else.</summary>
internal sealed class Side : IDisposable
{
    private readonly HttpClient _client;

    public Side(string name, Uri address, string caFile, string tokenFile)
    {
        Name = name;
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 256, UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(caFile) },
        };
        _client = new HttpClient(handler)
        {
            BaseAddress = address,
            DefaultRequestVersion = HttpVersion.Version11,
            Timeout = TimeSpan.FromSeconds(60),
        };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            File.ReadAllText(tokenFile).Trim()
        );
    }

    public string Name { get; }

    public void Dispose() => _client.Dispose();

    /// <exception cref="HttpRequestException">It was refused; with what came back.</exception>
    public async Task PostAsync(string path, string json, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Post, path, json, cancellationToken);
        await RequireAsync(answer, "POST", path, cancellationToken);
    }

    /// <exception cref="HttpRequestException">It was refused; with what came back.</exception>
    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Delete, path, null, cancellationToken);
        await RequireAsync(answer, "DELETE", path, cancellationToken);
    }

    /// <summary>The whole answer, not parsed.</summary>
    public async Task<byte[]> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        await RequireAsync(answer, "GET", path, cancellationToken);
        return await answer.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    public async Task<JsonNode> ReadAsync(string path, CancellationToken cancellationToken) =>
        JsonNode.Parse(await GetAsync(path, cancellationToken))!;

    /// <summary>Answers with what was asked for by a POST.</summary>
    public async Task<JsonNode> AskAsync(string path, string json, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Post, path, json, cancellationToken);
        await RequireAsync(answer, "POST", path, cancellationToken);
        return JsonNode.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken))!;
    }

    public async Task<HttpStatusCode> StatusAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        return answer.StatusCode;
    }

    public Task ExistsAsync(string path, TimeSpan limit, CancellationToken cancellationToken) =>
        Ready.WhenAsync(
            $"{Name} has {path}",
            async token => await StatusAsync(path, token) is HttpStatusCode.OK,
            limit,
            TimeSpan.FromMilliseconds(50),
            process: null,
            cancellationToken
        );

    /// <summary>The lines of an answer that does not end.</summary>
    public async Task<StreamReader> StreamAsync(string path, CancellationToken cancellationToken)
    {
        var answer = await _client.GetAsync(
            new Uri(path, UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        await RequireAsync(answer, "GET", path, cancellationToken);
        return new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string? json,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        return await _client.SendAsync(request, cancellationToken);
    }

    private async Task RequireAsync(
        HttpResponseMessage answer,
        string method,
        string path,
        CancellationToken cancellationToken
    )
    {
        if (!answer.IsSuccessStatusCode)
        {
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException($"{Name}: {method} {path}: {(int)answer.StatusCode} {text}");
        }
    }
}
