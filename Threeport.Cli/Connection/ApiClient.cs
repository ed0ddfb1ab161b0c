using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Threeport.Cli.Configuration;
using Threeport.Cli.Output;

namespace Threeport.Cli.Connection;

/// <summary>An answer of the API.</summary>
internal sealed record Answer(int Status, JsonNode? Body, HttpResponseHeaders Headers);

/// <summary>A request of the API.</summary>
internal sealed record ApiRequest(HttpMethod Method, string Path, JsonNode? Body = null)
{
    public string? IfMatch { get; init; }

    public string? IfNoneMatch { get; init; }

    /// <summary>How much longer than usual the answer may take.</summary>
    public TimeSpan Wait { get; init; }

    public static ApiRequest Get(string path) => new(HttpMethod.Get, path);
}

/// <summary>Speaks to one control plane.</summary>
internal sealed partial class ApiClient : IDisposable
{
    private readonly ControlPlane _controlPlane;
    private readonly Terminal? _trace;
    private readonly HttpClient _http;

    /// <param name="controlPlane">Which.</param>
    /// <param name="timeout">Of each request; waits are added to it.</param>
    /// <param name="trace">Where each request and its trace are told of; null for nowhere.</param>
    public ApiClient(ControlPlane controlPlane, TimeSpan timeout, Terminal? trace)
    {
        (_controlPlane, _trace) = (controlPlane, trace);
        if (
            !Uri.TryCreate(controlPlane.Endpoint, UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https")
        )
        {
            throw new FailureException(
                $"The endpoint of the control plane \"{controlPlane.Name}\", \"{controlPlane.Endpoint}\", is not an address such as https://127.0.0.1:8443."
            );
        }

        _http = new(Handler(controlPlane)) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        RequestTimeout = timeout;
        if (Token(controlPlane) is { } token)
        {
            _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }
    }

    public TimeSpan RequestTimeout { get; }

    /// <exception cref="FailureException">It was not done: the problem, in one line.</exception>
    public async Task<Answer> SendAsync(ApiRequest asked, CancellationToken cancellationToken)
    {
        var answer = await TrySendAsync(asked, cancellationToken);
        return answer.Status < 400 ? answer : throw ApiProblem.ToFailure(answer);
    }

    /// <summary>As <see cref="SendAsync"/>, but an answer that says no is returned.</summary>
    public async Task<Answer> TrySendAsync(ApiRequest asked, CancellationToken cancellationToken)
    {
        var (method, path, body) = asked;
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            request.Content.Headers.ContentType = new(
                method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json"
            );
        }

        AddHeader(request, "If-Match", asked.IfMatch);
        AddHeader(request, "If-None-Match", asked.IfNoneMatch);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(RequestTimeout + asked.Wait);
        try
        {
            using var response = await _http.SendAsync(request, limit.Token);
            var text = await response.Content.ReadAsStringAsync(limit.Token);
            Trace(request, response);
            return new((int)response.StatusCode, Parse(text), response.Headers);
        }
        catch (Exception e)
            when (!cancellationToken.IsCancellationRequested
                && e is HttpRequestException or OperationCanceledException or IOException
            )
        {
            throw Unreachable(e);
        }
    }

    /// <summary>Server-sent events; ends when the server ends them.</summary>
    public async IAsyncEnumerable<ServerEvent> WatchAsync(
        string path,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e);
        }

        using (response)
        {
            if (!response.IsSuccessStatusCode)
            {
                var text = await response.Content.ReadAsStringAsync(cancellationToken);
                throw ApiProblem.ToFailure(new((int)response.StatusCode, Parse(text), response.Headers));
            }

            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            await foreach (var e in ServerEvent.ReadAllAsync(reader, cancellationToken))
            {
                yield return e;
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private static void AddHeader(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private void Trace(HttpRequestMessage request, HttpResponseMessage response) =>
        _trace?.Error.WriteLine(
            Style.Dim(
                _trace,
                $"{request.Method} {request.RequestUri} → {(int)response.StatusCode} {response.ReasonPhrase}"
            )
        );

    private FailureException Unreachable(Exception exception)
    {
        var next = _controlPlane.Data is null
            ? "Choose another with `qleetctl config use`."
            : "Start it with `qleetctl up`, or choose another with `qleetctl config use`.";
        return new(
            $"cannot reach the control plane \"{_controlPlane.Name}\" at {_controlPlane.Endpoint}: {Cause(exception)}. {next}"
        );
    }

    private string Cause(Exception exception) =>
        exception switch
        {
            OperationCanceledException => $"no answer within {RequestTimeout.TotalSeconds:0} s",
            HttpRequestException { InnerException: SocketException socket } => socket.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "connection refused",
                SocketError.HostNotFound => "no such host",
                _ => socket.Message.TrimEnd('.'),
            },
            { InnerException: System.Security.Authentication.AuthenticationException tls } => tls.Message.TrimEnd('.'),
            _ => exception.Message.TrimEnd('.'),
        };

    private static string? Token(ControlPlane controlPlane)
    {
        if (controlPlane.TokenFile is not { } file)
        {
            return controlPlane.Token;
        }

        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return controlPlane.Token
                ?? throw new FailureException(
                    $"The token of the control plane \"{controlPlane.Name}\" cannot be read: {e.Message} Is it running? `qleetctl status` tells."
                );
        }
    }

    private static SocketsHttpHandler Handler(ControlPlane controlPlane)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
        };
        if (controlPlane.CaCertificate is { } ca)
        {
            // As the policy of the chain that is built anyway: a callback would build a second one.
            SystemTrust.Skip();
            handler.SslOptions.CertificateChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509Certificate2.CreateFromPem(ca) },
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
        }

        if (controlPlane is { Certificate: { } own, CertificateKey: { } key })
        {
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPem(own, key)];
        }

        return handler;
    }
}
