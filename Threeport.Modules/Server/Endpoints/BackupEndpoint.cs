using FastEndpoints;
using Threeport.BackupFormat;
using Threeport.Server.Access;
using Threeport.Server.Auditing;
using Threeport.Server.Backups;
using Threeport.Server.Storage;

namespace Threeport.Server.Endpoints;

/// <summary>
/// <c>POST /v0/backups</c>: streams everything that is stored, as it is at one instant, encrypted with a key from the passphrase in the body.
/// </summary>
internal sealed class BackupEndpoint(
    PrimaryDatabase database,
    KeyRing master,
    BackupTurns turns,
    Rights rights,
    AuditLog audit
) : EndpointWithoutRequest
{
    public const string MediaType = "application/vnd.threeport.backup";
    private const int MaxBody = 16 * 1024;

    public override void Configure()
    {
        Post("/v0/backups");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        var caller = CallerAuthentication.CallerOf(HttpContext);
        rights.Require(caller, AccessVerb.Create, Subsystem.Backups);
        RequestQuery.Require(HttpContext);
        var passphrase = BackupPassphrase.Read(await RequestBody.ReadObjectAsync(HttpContext, MaxBody));
        using var turn = turns.Take(ct);
        await using var snapshot = await BackupSnapshot.BeginAsync(database, master, turn.Token);
        // Stretching the passphrase takes a processor for a while: not the thread that serves connections.
        var (header, key) = await Task.Run(
            () => BackupHeader.Make(ProductVersion.Current, snapshot.Instant, passphrase),
            turn.Token
        );
        using (key)
        {
            // Before it is handed out: what was taken is known, whatever becomes of the connection.
            await audit.DoneAsync(caller, "backup", Subsystem.Backups, $"{header.Instant:O}", null, turn.Token);
            HttpContext.MarkResponseStart();
            HttpContext.Response.ContentType = MediaType;
            await using var content = new SealingStream(HttpContext.Response.Body, header, key);
            await snapshot.WriteAsync(content, turn.Token);
            await content.CompleteAsync(turn.Token);
        }
    }
}
