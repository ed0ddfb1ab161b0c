using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
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
            var tokens = Services.GetRequiredService<Tokens>();
            var token = await tokens.IssueAsync(caller, TimeProvider.System.GetUtcNow().AddHours(1), default);
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }

        return client;
    }

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
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var errors = new ErrorLog();
        builder.Logging.AddProvider(errors);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        IReadOnlyList<IModule> modules = [new KubernetesRuntimesModule(), new WorkloadsModule(), new SampleModule()];
        builder.Services.AddThreeportRuntime(builder.Configuration, modules);
        builder.Services.AddThreeportServer(builder.Configuration);
        builder.Services.AddThreeportEndpoints();
        var app = builder.Build();
        await app.Services.GetRequiredService<IMigration>().ApplyAsync(default);
        app.MapThreeport();
        await app.StartAsync();
        var address = app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        var api = new HttpApi(app, new() { BaseAddress = new(address), Timeout = TimeSpan.FromSeconds(30) }, errors);
        var token = await app
            .Services.GetRequiredService<Tokens>()
            .IssueAsync(new("tester", "admin"), TimeProvider.System.GetUtcNow().AddHours(1), default);
        api.Admin.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return api;
    }
}
