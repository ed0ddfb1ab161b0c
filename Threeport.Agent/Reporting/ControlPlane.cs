using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Threeport.Api;

namespace Threeport.Agent.Reporting;

/// <summary>The control plane's HTTP API, as far as an agent needs it. Never throws for what the other side does.</summary>
internal sealed class ControlPlane : IDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(20);
    private const int MaximumAnswer = 64 * 1024;

    private readonly HttpClient _client;
    private readonly ClientIdentity _identity;
    private readonly TimeProvider _time;
    private readonly WatchedFile? _ca;
    private (string Pem, X509Certificate2Collection Certificates)? _trusted;

    /// <param name="api">Its address.</param>
    /// <param name="caFile">Whom to trust; the machine's CAs when null.</param>
    /// <param name="identity">Who we are.</param>
    /// <param name="time">The clock.</param>
    public ControlPlane(Uri api, string? caFile, IdentityFiles identity, TimeProvider time)
    {
        _time = time;
        _identity = new(identity, time);
        _ca = caFile is null ? null : new(caFile, time);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            MaxConnectionsPerServer = 4,
            // A name that moves to another address is followed, and a renewed CA is asked.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // A replica of the API that fell silent is left within ten seconds; nobody is asked while there is nothing to report.
            KeepAlivePingDelay = TimeSpan.FromSeconds(5),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };
        _identity.ShowOn(handler.SslOptions);
        if (_ca is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                IsTrusted(certificate as X509Certificate2, errors);
        }

        _client = new(handler) { BaseAddress = api, Timeout = Timeout.InfiniteTimeSpan };
    }

    public void Dispose() => _client.Dispose();

    public Task<Answer> ApplyAsync(IReadOnlyList<AppliedResource> resources, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "v0/apply", new(resources), WireJson.Default.ApplyBody, cancellationToken);

    public Task<Answer> PutAsync(RuntimeObservationSpec observation, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Put,
            $"v0/kubernetes-runtime-observations/{Uri.EscapeDataString(observation.KubernetesRuntimeInstance)}",
            new(observation),
            WireJson.Default.PutBody,
            cancellationToken
        );

    public Task<Answer> PostEventsAsync(
        string workload,
        List<ResourceEventRecord> events,
        CancellationToken cancellationToken
    ) =>
        SendAsync(
            HttpMethod.Post,
            $"v0/workload-instances/{Uri.EscapeDataString(workload)}/events",
            events,
            WireJson.Default.ListResourceEventRecord,
            cancellationToken
        );

    private async Task<Answer> SendAsync<T>(
        HttpMethod method,
        string path,
        T body,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken
    )
    {
        using var limit = new CancellationTokenSource(CallTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(method, path)
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
                Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type)),
            };
            request.Content.Headers.ContentType = new("application/json");
            await _identity.ApplyAsync(request, either.Token);
            await RefreshAsync(either.Token);
            using var response = await _client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                either.Token
            );
            return await ReadAsync(response, either.Token);
        }
        catch (Exception exception) when (NoAnswer(exception, cancellationToken) is { } answer)
        {
            return answer;
        }
    }

    private async Task<Answer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
        {
            // What was stored is of no interest; read to the end, the connection serves again.
            await response.Content.CopyToAsync(Stream.Null, cancellationToken);
            return new(status);
        }

        if (status is 401)
        {
            _identity.Expire();
        }

        return Answer.Of(status, await ProblemAsync(response, cancellationToken), response.Headers.RetryAfter?.Delta);
    }

    private static async Task<Problem?> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var isProblem = response.Content.Headers.ContentType is MediaTypeHeaderValue { MediaType: Problem.MediaType };
        if (!isProblem || response.Content.Headers.ContentLength > MaximumAnswer)
        {
            return null;
        }

        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(stream, WireJson.Default.Problem, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Answer? NoAnswer(Exception exception, CancellationToken caller) =>
        exception switch
        {
            OperationCanceledException when caller.IsCancellationRequested => null,
            OperationCanceledException => new(0, $"no answer within {CallTimeout.TotalSeconds:0} s"),
            HttpRequestException or IOException or UnauthorizedAccessException => new(
                0,
                exception.InnerException?.Message is { } inner ? $"{exception.Message} ({inner})" : exception.Message
            ),
            _ => null,
        };

    private async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        if (_ca is null)
        {
            return;
        }

        var pem = await _ca.ReadAsync(cancellationToken);
        if (_trusted?.Pem != pem)
        {
            var certificates = new X509Certificate2Collection();
            try
            {
                certificates.ImportFromPem(pem);
            }
            catch (System.Security.Cryptography.CryptographicException exception)
            {
                throw new IOException("The CA file is not PEM.", exception);
            }

            _trusted = (pem, certificates);
        }
    }

    private bool IsTrusted(X509Certificate2? certificate, SslPolicyErrors errors)
    {
        if (
            certificate is null
            || _trusted is not { } trusted
            || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0
        )
        {
            return false;
        }

        if (trusted.Certificates.Count == 0)
        {
            // A file without certificates says what no file says: those of the machine.
            return errors is SslPolicyErrors.None;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted.Certificates);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
