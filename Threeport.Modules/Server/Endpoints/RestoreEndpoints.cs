using FastEndpoints;
using Microsoft.AspNetCore.Http.Features;
using Threeport.Api;
using Threeport.BackupFormat;
using Threeport.Server.Access;
using Threeport.Server.Auditing;
using Threeport.Server.Backups;
using Threeport.Server.Outbox;

namespace Threeport.Server.Endpoints;

/// <summary>
/// <c>POST /v0/restore</c>: a line of JSON with the passphrase, then the backup. All of it is stored or nothing; afterwards the control plane
/// only observes.
/// </summary>
internal sealed class RestoreEndpoint(
    Restoration restoration,
    RestoreFollower follower,
    BackupTurns turns,
    Rights rights,
    AuditLog audit
) : EndpointWithoutRequest
{
    public override void Configure()
    {
        Post("/v0/restore");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        var caller = CallerAuthentication.CallerOf(HttpContext);
        rights.Require(caller, AccessVerb.Update, Subsystem.Backups);
        RequestQuery.Require(HttpContext);
        RequestBody.RequireMediaType(HttpContext, BackupEndpoint.MediaType);
        using var turn = turns.Take(ct);
        AllowAnyLength();
        // Nothing of the body has been asked for yet, so who waits for that sends none.
        await restoration.RequireEmptyAsync(turn.Token);
        var passphrase = await BackupPassphrase.ReadLineAsync(HttpContext, turn.Token);
        try
        {
            var file = HttpContext.Request.BodyReader.AsStream();
            var header = await BackupHeader.ReadAsync(file, turn.Token);
            using var key = await Task.Run(() => header.Open(passphrase), turn.Token);
            await using var content = new OpeningStream(file, header, key);
            var (mode, rows) = await restoration.RestoreAsync(new(content), header, caller, turn.Token);
            // From here on it is restored: what remains is done by somebody, whoever hangs up.
            await follower.LookAsync(CancellationToken.None);
            var what = $"of threeport {mode.Product}, {rows} rows";
            await audit.DoneAsync(caller, "restore", Subsystem.Backups, $"{mode.Instant:O}", what, default);
            await Answers.WriteAsync(HttpContext, new RestoreAnswer(mode, rows));
        }
        catch (WrongPassphraseException e)
        {
            throw CredentialRequest.Wrong("passphrase", e.Message);
        }
        catch (BackupException e)
        {
            throw new ProblemException(Problems.BadRequest(e.Message));
        }
    }

    /// <summary>It is not taken into memory, and only who may restore gets here.</summary>
    private void AllowAnyLength()
    {
        if (HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
    }
}

/// <summary><c>GET /v0/restore</c>: whether the control plane was restored and waits for a yes, and what that would set going.</summary>
internal sealed class ShowRestoreEndpoint(RestorePlan plan, Rights rights) : EndpointWithoutRequest
{
    public override void Configure()
    {
        Get("/v0/restore");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        rights.Require(CallerAuthentication.CallerOf(HttpContext), AccessVerb.Read, Subsystem.Backups);
        RequestQuery.Require(HttpContext);
        await Answers.WriteAsync(HttpContext, await plan.ReadAsync(ct));
    }
}

/// <summary><c>POST /v0/restore/confirm</c>: the yes.</summary>
internal sealed class ConfirmRestoreEndpoint(ObservingMode mode, Relay relay, Rights rights, AuditLog audit)
    : EndpointWithoutRequest
{
    public override void Configure()
    {
        Post("/v0/restore/confirm");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        var caller = CallerAuthentication.CallerOf(HttpContext);
        rights.Require(caller, AccessVerb.Update, Subsystem.Backups);
        RequestQuery.Require(HttpContext);
        var due =
            await mode.EndAsync(ct)
            ?? throw new ProblemException(
                Problems.Conflict("There is nothing to confirm: the control plane does not wait for a yes.")
            );
        relay.WakeAt(TimeSpan.Zero);
        await audit.DoneAsync(caller, "confirm", Subsystem.Backups, "restore", $"{due} resources", default);
        await Answers.WriteAsync(HttpContext, new ConfirmAnswer(due));
    }
}

/// <summary>A backup was restored.</summary>
/// <param name="Observing">What the control plane now waits with.</param>
/// <param name="Rows">How many rows there were.</param>
internal sealed record RestoreAnswer(Observing Observing, long Rows);

/// <summary>The yes was taken.</summary>
/// <param name="Resources">How many are looked at now.</param>
internal sealed record ConfirmAnswer(long Resources);
