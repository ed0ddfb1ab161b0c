using Threeport.Runtime;
using Threeport.Server.Access;

namespace Threeport.Host;

/// <summary>
/// Keeps the token files in the data folder good: <c>admin.token</c> for the user that the process runs as, and
/// <c>controllers.token</c> beside it, to be given to processes with the role <c>controllers</c> alone.
/// </summary>
internal sealed partial class CredentialFiles(
    Tokens tokens,
    IConfiguration configuration,
    TimeProvider time,
    ILogger<CredentialFiles> logger
) : BackgroundService
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private static readonly TimeSpan LookEvery = TimeSpan.FromDays(1);

    private readonly string _admin = configuration["Threeport:AdminToken"]!;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RenewAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RenewAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        await RenewAsync(_admin, new Caller("admin", "admin"), cancellationToken);
        await RenewAsync(
            Path.Combine(Path.GetDirectoryName(_admin) ?? "", "controllers.token"),
            new Caller("controller:remote", "controller"),
            cancellationToken
        );
    }

    /// <summary>Replaced when half of its life is over, or when the database is another than the one that it was made for.</summary>
    private async Task RenewAsync(string file, Caller caller, CancellationToken cancellationToken)
    {
        if (
            File.Exists(file)
            && time.GetUtcNow() - File.GetLastWriteTimeUtc(file) < Lifetime / 2
            && (
                await tokens.VerifyAsync(
                    (await File.ReadAllTextAsync(file, cancellationToken)).Trim(),
                    cancellationToken
                )
            )?.Name == caller.Name
        )
        {
            return;
        }

        DataFolder.Write(file, await tokens.IssueAsync(caller, time.GetUtcNow() + Lifetime, cancellationToken));
        LogWritten(file);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A new token was written to {File}")]
    private partial void LogWritten(string file);
}
