using System.Diagnostics;
using Microsoft.AspNetCore.Connections;
using Threeport.Host.Configuration;
using Threeport.Host.Embedded;
using Threeport.Host.Tls;
using Threeport.Kubernetes;
using Threeport.Runtime;
using Threeport.Server;
using Threeport.Server.Access;

namespace Threeport.Host;

/// <summary>Puts the process together, runs it until it is told to stop, and takes it apart in order.</summary>
internal static partial class ControlPlane
{
    /// <summary>Under the 30 s that a supervisor usually grants, embedded servers included.</summary>
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(26);

    private static readonly TimeSpan DatabaseLimit = TimeSpan.FromSeconds(60);

    /// <param name="arguments">The configuration that the command line gives.</param>
    /// <param name="modules">Those that there are; configuration chooses among them.</param>
    /// <exception cref="SettingsException">It cannot start as it was told to.</exception>
    /// <exception cref="OperationCanceledException">It was told to stop before it had started.</exception>
    public static async Task RunAsync(IReadOnlyDictionary<string, string?> arguments, IReadOnlyList<IModule> modules)
    {
        var builder = CreateBuilder(arguments);
        var settings = HostSettings.From(builder.Configuration, modules);
        using var stop = new StopSignal();
        if (settings.OnlyMigrates)
        {
            await MigrateOnlyAsync(builder, settings, stop.Token);
            return;
        }

        using var data = DataFolder.Open(settings.Data);
        FillIn(builder.Configuration, settings, data);
        using var loggers = LoggerFactory.Create(l => l.AddThreeportLogging(builder.Configuration));
        await using var servers = await EmbeddedServers.StartAsync(
            settings,
            data,
            builder.Configuration,
            loggers,
            stop.Token
        );
        builder.WebHost.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenOn(settings));
        AddServices(builder, settings);
        await using var app = builder.Build();
        await MigrateAsync(app, stop.Token);
        if (settings.HasApi)
        {
            app.MapThreeport();
        }
        else
        {
            app.MapHealth();
        }

        app.MapPrometheusScrapingEndpoint("/metrics");
        await StartAsync(app, settings, stop.Token);
        Announce(app, settings);
        await app.WaitForShutdownAsync();
        LogStopped(app.Logger);
    }

    private static WebApplicationBuilder CreateBuilder(IReadOnlyDictionary<string, string?> arguments)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory }
        );
        builder.Configuration.AddInMemoryCollection(EnvironmentVariables.Read(Environment.GetEnvironmentVariables()));
        builder.Configuration.AddInMemoryCollection(arguments);
        builder.Logging.AddThreeportLogging(builder.Configuration);
        return builder;
    }

    /// <summary>What the data folder holds, for what was not configured otherwise.</summary>
    private static void FillIn(ConfigurationManager configuration, HostSettings settings, DataFolder data)
    {
        configuration["Threeport:Node"] ??= data.Node;
        configuration["Threeport:KeyRing"] ??= data.PathOf("keyring.json");
        configuration["Threeport:AdminToken"] ??= data.PathOf("admin.token");
        configuration["Threeport:CaCertificate"] ??= data.PathOf("ca.crt");
        configuration["Threeport:CaKey"] ??= data.PathOf("ca.key");
        if (settings.HasApi ? settings.Listen.All(static a => a.IsLoopback) : settings.ApiUrl!.IsLoopback)
        {
            // Somebody's own: there is nobody to protect from whom.
            configuration["Threeport:Limits:RequestsPerSecond"] ??= "0";
            configuration[ClusterPolicy.LoopbackSetting] ??= "true";
        }

        configuration["Threeport:Agent:Endpoint"] ??= (settings.ApiUrl ?? settings.Reachable).GetLeftPart(
            UriPartial.Authority
        );
        configuration["Threeport:Agent:CaFile"] ??= configuration[
            settings.HasApi ? "Threeport:CaCertificate" : "Threeport:ApiCa"
        ];
    }

    private static void AddServices(WebApplicationBuilder builder, HostSettings settings)
    {
        var services = builder.Services;
        var configuration = builder.Configuration;
        services.Configure<HostOptions>(static o => o.ShutdownTimeout = ShutdownLimit);
        services.AddSingleton(settings);
        services.AddThreeportRuntime(
            configuration,
            settings.HasApi ? [.. settings.Modules, new AccessModule()] : settings.Modules,
            // What an API process has loaded is what there is; one of controllers may run a part of it.
            settings.HasApi
                ? settings.Modules
                : Modules.All
        );
        services.AddThreeportTelemetry();
        AddCertificate(services, configuration, settings);
        if (settings.HasApi)
        {
            services.AddThreeportServer(configuration);
            services.AddThreeportEndpoints();
            if (configuration["Threeport:AdminToken"] != CredentialFiles.None)
            {
                services.AddHostedService<CredentialFiles>();
            }
        }
        else
        {
            services.AddThreeportHttpTransport(configuration);
        }

        if (settings.HasControllers)
        {
            services.AddThreeportControllers(configuration);
        }
    }

    private static void AddCertificate(
        IServiceCollection services,
        ConfigurationManager configuration,
        HostSettings settings
    )
    {
        if (settings.Listen.All(static a => a.Scheme != Uri.UriSchemeHttps))
        {
            return;
        }

        services.AddSingleton(p =>
            CertificateFiles.Open(
                configuration["Threeport:CaCertificate"]!,
                configuration["Threeport:CaKey"]!,
                p.GetRequiredService<TimeProvider>()
            )
        );
        services.AddSingleton<ServerCertificate>();
        services.AddHostedService(static p => p.GetRequiredService<ServerCertificate>());
    }

    /// <summary>As the owner of the tables; nothing is served, and no folder needed.</summary>
    private static async Task MigrateOnlyAsync(
        WebApplicationBuilder builder,
        HostSettings settings,
        CancellationToken cancellationToken
    )
    {
        var configuration = builder.Configuration;
        configuration["ConnectionStrings:threeport"] = settings.Database;
        configuration["ConnectionStrings:threeport-owner"] = configuration["Threeport:DatabaseOwner"];
        configuration["Threeport:Migration"] = "apply";
        configuration["Threeport:Nats"] ??= "nats://127.0.0.1:4222";
        builder.Services.AddThreeportRuntime(configuration, [.. settings.Modules, new AccessModule()]);
        builder.Services.AddThreeportServer(configuration);
        await using var app = builder.Build();
        await MigrateAsync(app, cancellationToken);
        LogMigrated(app.Logger, CommandLine.Version);
    }

    /// <summary>Before anything else starts. A database that is still on its way up is waited for.</summary>
    private static async Task MigrateAsync(WebApplication app, CancellationToken cancellationToken)
    {
        if (app.Services.GetService<IMigration>() is not { } migration)
        {
            return;
        }

        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await migration.ApplyAsync(cancellationToken);
                return;
            }
            catch (Npgsql.NpgsqlException exception)
                when (IsPassing(exception) && Stopwatch.GetElapsedTime(start) < DatabaseLimit)
            {
                LogWaiting(app.Logger, exception.Message);
            }
            catch (Npgsql.NpgsqlException exception)
            {
                throw new SettingsException($"The database cannot be used: {exception.Message}");
            }

            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    /// <summary>Of several hosts none may be the primary while another becomes it.</summary>
    private static bool IsPassing(Npgsql.NpgsqlException exception) =>
        exception.IsTransient || exception.InnerException is AggregateException;

    private static async Task StartAsync(WebApplication app, HostSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw new SettingsException(
                $"Somebody else listens on {string.Join(", ", settings.Listen)}. Stop that, or choose another address with --listen."
            );
        }
    }

    private static void Announce(WebApplication app, HostSettings settings)
    {
        var addresses = string.Join(' ', app.Urls);
        var roles = string.Join(',', settings.Roles);
        var modules = string.Join(',', settings.Modules.Select(static m => m.Name));
        LogStarted(app.Logger, CommandLine.Version, addresses, roles, modules, settings.Data);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "threeport {Version} at {Addresses}, roles {Roles}, modules {Modules}, data in {Data}"
    )]
    private static partial void LogStarted(
        ILogger logger,
        string version,
        string addresses,
        string roles,
        string modules,
        string data
    );

    [LoggerMessage(Level = LogLevel.Information, Message = "The database is as threeport {Version} needs it")]
    private static partial void LogMigrated(ILogger logger, string version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database does not answer yet: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "threeport stopped")]
    private static partial void LogStopped(ILogger logger);
}
