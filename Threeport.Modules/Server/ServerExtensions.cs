using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Threeport.Api;
using Threeport.Certificates;
using Threeport.Runtime;
using Threeport.Server.Access;
using Threeport.Server.Auditing;
using Threeport.Server.Backups;
using Threeport.Server.Outbox;
using Threeport.Server.Passes;
using Threeport.Server.Reading;
using Threeport.Server.Resources;
using Threeport.Server.Storage;
using Threeport.Server.Writing;

namespace Threeport.Server;

/// <summary>Registers the API layer: the role <c>api</c>.</summary>
public static class ServerExtensions
{
    /// <summary>
    /// Storage, writer, relay, and the in-process transports. <c>ConnectionStrings:threeport</c> (and <c>threeport-owner</c>) and <c>Threeport:KeyRing</c> (a
    /// file's path) are read when the first of them is used.
    /// </summary>
    public static IServiceCollection AddThreeportServer(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(p => new PrimaryDatabase(
            Required(configuration, "ConnectionStrings:threeport"),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<PrimaryDatabase>>()
        ));
        services.AddSingleton(_ => KeyRing.Open(Required(configuration, "Threeport:KeyRing")));
        services.AddSingleton(static p => new StorageOptions(StorageJson.Create(p.GetRequiredService<DataKeys>())));
        services.TryAddSingleton(new KeyTiming());
        services.AddSingleton<DataKeys>();
        services.AddSingleton<KindStores>();
        services.AddSingleton<IMigration, Migration>();
        services.AddSingleton<IWriteStore, PostgresWrites>();
        services.AddSingleton<IOutboxTable, OutboxTable>();
        services.AddSingleton<IBroker, Publisher>();
        services.AddSingleton<Relay>();
        services.AddSingleton<Writer>();
        services.AddSingleton<IResourceReader, Reader>();
        services.AddSingleton<Preparation>();
        services.AddSingleton<ResourceApi>();
        services.AddSingleton<Tokens>();
        services.AddSingleton<AccessPolicy>();
        services.AddSingleton<Rights>();
        services.AddSingleton(static p => new ClientCertificates(
            p.GetRequiredService<PrimaryDatabase>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetService<CertificateAuthority>()
        ));
        services.AddSingleton<Issuing>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AuditReader>();
        services.AddHostedService(static p => p.GetRequiredService<AuditLog>());
        services.AddHostedService<KeyRotation>();
        services.AddSingleton<OidcIssuers>();
        services.AddSingleton<Authenticator>();
        services.AddHostedService(static p => p.GetRequiredService<AccessPolicy>());
        services.AddSingleton<IAgentCredentials, AgentCredentials>();
        services.AddSingleton<BackupTurns>();
        services.AddSingleton<Restoration>();
        services.AddSingleton<ObservingMode>();
        services.AddSingleton<RestorePlan>();
        services.AddSingleton<RestoreFollower>();
        services.AddHostedService(static p => p.GetRequiredService<RestoreFollower>());
        services.AddSingleton<ILeaseTable, LeaseTable>();
        services.AddSingleton<IPasses, InProcessPasses>();
        services.AddScoped<IResources, InProcessResources>();
        services.AddHostedService(static p => p.GetRequiredService<Writer>());
        services.AddHostedService(static p => p.GetRequiredService<Relay>());
        return services;
    }

    private static string Required(IConfiguration configuration, string key) =>
        configuration[key] ?? throw new InvalidOperationException($"{key} is not configured.");
}
