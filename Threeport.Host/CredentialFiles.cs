using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Threeport.Certificates;
using Threeport.Runtime;
using Threeport.Server.Access;

namespace Threeport.Host;

/// <summary>
/// Keeps the identities in the data folder good: <c>admin.token</c> for the user that the process runs as, and beside it
/// <c>controllers.token</c>, <c>controllers.crt</c> and <c>controllers.key</c>, to be given to processes with the role
/// <c>controllers</c> alone. Replaced when half of their life is over, or when the database is another than the one that they
/// were made for.
/// </summary>
internal sealed partial class CredentialFiles(
    Tokens tokens,
    ClientCertificates certificates,
    KindCatalog kinds,
    IConfiguration configuration,
    TimeProvider time,
    ILogger<CredentialFiles> logger
) : BackgroundService
{
    /// <summary>Instead of a file: none is written, where others hand out credentials.</summary>
    public const string None = "none";

    private static readonly TimeSpan TokenLifetime = TimeSpan.FromDays(90);
    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromDays(1);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(1);

    private readonly string _admin = configuration["Threeport:AdminToken"]!;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RenewAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = LookEvery;
        while (true)
        {
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await RenewAsync(stoppingToken);
                pause = LookEvery;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The database is away, most likely; what there is stays good for weeks.
                LogNotRenewed(exception.Message);
                pause = TryAgainAfter;
            }
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var modules = kinds.Kinds.Where(static k => k.IsReconciled).Select(static k => k.Module).Distinct();
        var controllers = new Caller("controller:remote", [.. modules.Select(static m => Caller.Controller(m).Name)]);
        await RenewTokenAsync(_admin, new Caller("admin", "admin"), cancellationToken);
        await RenewTokenAsync(Beside("controllers.token"), controllers, cancellationToken);
        if (certificates.IsAvailable)
        {
            await RenewCertificateAsync("controllers", new(controllers.Name, controllers.Roles), cancellationToken);
        }
    }

    private async Task RenewTokenAsync(string file, Caller caller, CancellationToken cancellationToken)
    {
        if (
            File.Exists(file)
            && time.GetUtcNow() - File.GetLastWriteTimeUtc(file) < TokenLifetime / 2
            && await tokens.IsOfAsync(
                caller,
                (await File.ReadAllTextAsync(file, cancellationToken)).Trim(),
                cancellationToken
            )
        )
        {
            return;
        }

        DataFolder.Write(file, await tokens.IssueAsync(caller, time.GetUtcNow() + TokenLifetime, cancellationToken));
        LogWritten(file);
    }

    private async Task RenewCertificateAsync(string name, ClientSubject subject, CancellationToken cancellationToken)
    {
        var (file, keyFile) = (Beside($"{name}.crt"), Beside($"{name}.key"));
        if (await IsGoodAsync(file, keyFile, subject, cancellationToken))
        {
            return;
        }

        var (request, key) = SigningRequest.Make();
        using var issued = await certificates.IssueAsync(
            SigningRequest.KeyOf(request)!,
            subject,
            CertificateLifetime,
            "system",
            cancellationToken
        );
        // The key first: whoever finds a new certificate finds its key.
        DataFolder.Write(keyFile, key);
        DataFolder.Write(file, issued.ExportCertificatePem());
        LogWritten(file);
    }

    private async Task<bool> IsGoodAsync(
        string file,
        string keyFile,
        ClientSubject subject,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(file, keyFile);
            var until = time.GetUtcNow() + CertificateLifetime / 2;
            return await certificates.IsOfAsync(subject, certificate, until, cancellationToken);
        }
        catch (Exception exception) when (exception is CryptographicException or FileNotFoundException)
        {
            // Not there, or the process died between the two.
            return false;
        }
    }

    private string Beside(string name) => Path.Combine(Path.GetDirectoryName(_admin) ?? "", name);

    [LoggerMessage(Level = LogLevel.Information, Message = "A new credential was written to {File}")]
    private partial void LogWritten(string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Credentials could not be renewed yet: {Reason}")]
    private partial void LogNotRenewed(string reason);
}
