using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Threeport.Certificates;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Modules.KubernetesRuntimes;
using Threeport.Modules.Workloads;
using Threeport.Runtime;
using Threeport.Server;
using Threeport.Server.Access;

namespace Threeport.IntegrationTests.Server;

/// <summary>The API over real HTTP, on a database of its own. FastEndpoints allows one in a process, so all fixtures share it.</summary>
internal sealed class HttpApi
{
    private static readonly Lazy<Task<HttpApi>> Shared = new(StartAsync);
    private readonly WebApplication _app;

    private readonly ErrorLog _errors;

    private HttpApi(WebApplication app, HttpClient admin, ErrorLog errors) =>
        (_app, Admin, _errors) = (app, admin, errors);

    /// <summary>What has been logged as an error since the start: defects of ours.</summary>
    public IReadOnlyCollection<string> Errors => _errors.Lines;

    /// <summary>Sends the token of an administrator.</summary>
    public HttpClient Admin { get; }

    public IServiceProvider Services => _app.Services;

    public static Task<HttpApi> SharedAsync() => Shared.Value;

    public static async Task StopAsync()
    {
        if (Shared.IsValueCreated)
        {
            await (await Shared.Value)._app.DisposeAsync();
        }
    }

    /// <summary>A client with a token of this role; without one when it is null.</summary>
    public async Task<HttpClient> ClientAsync(Caller? caller)
    {
        var client = new HttpClient { BaseAddress = Admin.BaseAddress, Timeout = TimeSpan.FromSeconds(30) };
        if (caller is not null)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", await TokenAsync(caller, TimeSpan.FromHours(1)));
        }

        return client;
    }

    /// <summary>A client on HTTPS that shows this certificate, or none.</summary>
    public HttpClient SecureClient(X509Certificate2? certificate)
    {
        var addresses = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore =
            {
                X509Certificate2.CreateFromPem(Services.GetRequiredService<CertificateAuthority>().Pem),
            },
        };
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!;
        return new(handler)
        {
            BaseAddress = new(addresses.Single(static a => a.StartsWith("https:", StringComparison.Ordinal))),
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    public Task<string> TokenAsync(Caller caller, TimeSpan lifetime) =>
        Services
            .GetRequiredService<Tokens>()
            .IssueAsync(caller, TimeProvider.System.GetUtcNow() + lifetime, CancellationToken.None);

    public async Task<(int Status, JsonNode? Body, HttpResponseMessage Response)> SendAsync(
        string method,
        string path,
        string? body = null,
        string contentType = "application/json",
        string? ifMatch = null,
        HttpClient? client = null
    )
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType =
                contentType.Length == 0 ? null : MediaTypeHeaderValue.Parse(contentType);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        var response = await (client ?? Admin).SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (
            (int)response.StatusCode,
            text.Length > 0 && text[0] is '{' or '[' ? JsonNode.Parse(text) : null,
            response
        );
    }

    private static async Task<HttpApi> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["ConnectionStrings:threeport"] = await (
            await Servers.PostgresAsync()
        ).CreateDatabaseAsync();
        builder.Configuration["Threeport:Nats"] = (await Servers.NatsAsync()).Url;
        builder.Configuration["Threeport:KeyRing"] = Path.Combine(
            Directory.CreateTempSubdirectory("threeport-http-").FullName,
            "keys.json"
        );
        // Refusals are what many of the tests ask for, all from one address.
        builder.Configuration["Threeport:Limits:FailuresPerSecond"] = "0";
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var errors = new ErrorLog();
        builder.Logging.AddProvider(errors);
        var (ca, caKey) = CertificateAuthority.Make(TimeProvider.System);
        var authority = CertificateAuthority.Of(ca, caKey);
        var certificate = authority.IssueServer(["127.0.0.1"], TimeProvider.System);
        builder.Services.AddSingleton(authority);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseThreeportHttps(() => certificate));
        });
        IReadOnlyList<IModule> modules =
        [
            new AccessModule(),
            new KubernetesRuntimesModule(),
            new WorkloadsModule(),
            new SampleModule(),
        ];
        builder.Services.AddThreeportRuntime(builder.Configuration, modules);
        builder.Services.AddThreeportServer(builder.Configuration);
        builder.Services.AddThreeportEndpoints();
        var app = builder.Build();
        await app.Services.GetRequiredService<IMigration>().ApplyAsync(default);
        app.MapThreeport();
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var address = addresses.Single(static a => a.StartsWith("http:", StringComparison.Ordinal));
        var api = new HttpApi(app, new() { BaseAddress = new(address), Timeout = TimeSpan.FromSeconds(30) }, errors);
        var token = await api.TokenAsync(new("tester", "admin"), TimeSpan.FromHours(1));
        api.Admin.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return api;
    }
}
