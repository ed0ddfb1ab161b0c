using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Threeport.Benchmarks;

/// <summary>One of the two servers: a client over TLS with keep-alive, trusting the server's CA and nothing else.</summary>
internal sealed class Side : IDisposable
{
    private readonly HttpClient _client;

    public Side(string name, string address, string caFile, string tokenFile)
    {
        Name = name;
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 256, EnableMultipleHttp2Connections = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(caFile) },
        };
        _client = new HttpClient(handler)
        {
            BaseAddress = new Uri(address),
            DefaultRequestVersion = System.Net.HttpVersion.Version11,
            Timeout = TimeSpan.FromSeconds(30),
        };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            File.ReadAllText(tokenFile).Trim()
        );
    }

    public string Name { get; }

    public void Dispose() => _client.Dispose();

    /// <exception cref="HttpRequestException">It was not created; with what came back.</exception>
    public async Task PostAsync(string path, string json, CancellationToken cancellationToken)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await _client.PostAsync(new Uri(path, UriKind.Relative), content, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException($"{Name}: POST {path}: {(int)answer.StatusCode} {text}");
        }
    }

    /// <summary>The lines of an answer that does not end.</summary>
    public async Task<StreamReader> StreamAsync(string path, CancellationToken cancellationToken)
    {
        var answer = await _client.GetAsync(
            new Uri(path, UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        answer.EnsureSuccessStatusCode();
        return new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
    }
}
