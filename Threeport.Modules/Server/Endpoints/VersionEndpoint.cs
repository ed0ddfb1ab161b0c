using FastEndpoints;
using Threeport.Server.Backups;
using Threeport.Server.Storage;

namespace Threeport.Server.Endpoints;

/// <summary><c>GET /v0/version</c>: which version answers, and which one the database was last prepared by. For whoever is known.</summary>
internal sealed class VersionEndpoint(PrimaryDatabase database) : EndpointWithoutRequest
{
    public override void Configure()
    {
        Get("/v0/version");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        CallerAuthentication.CallerOf(HttpContext);
        RequestQuery.Require(HttpContext);
        await using var connection = await database.OpenConnectionAsync(ct);
        var product = await SchemaRecord.ProductAsync(connection, ct);
        await Answers.WriteAsync(HttpContext, new VersionAnswer(ProductVersion.Current, product));
    }
}

/// <summary>The answer.</summary>
/// <param name="Version">Of the process that answers.</param>
/// <param name="Database">The newest version that brought the database to what it needs.</param>
internal sealed record VersionAnswer(string Version, string? Database);
