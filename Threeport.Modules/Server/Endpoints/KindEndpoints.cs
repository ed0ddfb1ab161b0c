using FastEndpoints;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Resources;

namespace Threeport.Server.Endpoints;

/// <summary>
/// The routes of one kind. They are written once and closed over each kind. FastEndpoints' own authorisation is off: who asks is
/// found out before routing, and what may be done is decided in the API layer, for every transport alike.
/// </summary>
internal abstract class KindEndpoint<T>(KindCatalog kinds) : EndpointWithoutRequest
    where T : Resource, IKind
{
    protected const string Named = "/{name}";

    protected static string Route => $"/v0/{T.Plural}";

    protected KindDescriptor Kind { get; } = kinds[typeof(T)];
}

internal sealed class ListEndpoint<T>(ResourceRequests requests, KindCatalog kinds) : KindEndpoint<T>(kinds)
    where T : Resource, IKind
{
    public override void Configure()
    {
        Get(Route);
        AllowAnonymous();
    }

    public override Task HandleAsync(CancellationToken ct) => requests.ListAsync(HttpContext, Kind);
}

internal sealed class CreateEndpoint<T>(ResourceRequests requests, KindCatalog kinds) : KindEndpoint<T>(kinds)
    where T : Resource, IKind
{
    public override void Configure()
    {
        Post(Route);
        AllowAnonymous();
    }

    public override Task HandleAsync(CancellationToken ct) => requests.WriteAsync(HttpContext, Kind, WriteVerb.Create);
}

internal sealed class GetEndpoint<T>(ResourceRequests requests, KindCatalog kinds) : KindEndpoint<T>(kinds)
    where T : Resource, IKind
{
    public override void Configure()
    {
        Get(Route + Named);
        AllowAnonymous();
    }

    public override Task HandleAsync(CancellationToken ct) => requests.GetAsync(HttpContext, Kind);
}

internal sealed class PutEndpoint<T>(ResourceRequests requests, KindCatalog kinds) : KindEndpoint<T>(kinds)
    where T : Resource, IKind
{
    public override void Configure()
    {
        Put(Route + Named);
        AllowAnonymous();
    }

    public override Task HandleAsync(CancellationToken ct) => requests.WriteAsync(HttpContext, Kind, WriteVerb.Put);
}

internal sealed class PatchEndpoint<T>(ResourceRequests requests, KindCatalog kinds) : KindEndpoint<T>(kinds)
    where T : Resource, IKind
{
    public override void Configure()
    {
        Patch(Route + Named);
        AllowAnonymous();
    }

    public override Task HandleAsync(CancellationToken ct) => requests.WriteAsync(HttpContext, Kind, WriteVerb.Patch);
}

internal sealed class DeleteEndpoint<T>(ResourceRequests requests, KindCatalog kinds) : KindEndpoint<T>(kinds)
    where T : Resource, IKind
{
    public override void Configure()
    {
        Delete(Route + Named);
        AllowAnonymous();
    }

    public override Task HandleAsync(CancellationToken ct) => requests.WriteAsync(HttpContext, Kind, WriteVerb.Delete);
}

internal sealed class HistoryEndpoint<T>(ResourceRequests requests, KindCatalog kinds) : KindEndpoint<T>(kinds)
    where T : Resource, IKind
{
    public override void Configure()
    {
        Get(Route + Named + "/history");
        AllowAnonymous();
    }

    public override Task HandleAsync(CancellationToken ct) => requests.HistoryAsync(HttpContext, Kind);
}

internal sealed class EventsEndpoint<T>(ResourceRequests requests, KindCatalog kinds) : KindEndpoint<T>(kinds)
    where T : Resource, IKind
{
    public override void Configure()
    {
        Get(Route + Named + "/events");
        AllowAnonymous();
    }

    public override Task HandleAsync(CancellationToken ct) => requests.EventsAsync(HttpContext, Kind);
}

internal sealed class RecordEventsEndpoint<T>(ResourceRequests requests, KindCatalog kinds) : KindEndpoint<T>(kinds)
    where T : Resource, IKind
{
    public override void Configure()
    {
        Post(Route + Named + "/events");
        AllowAnonymous();
    }

    public override Task HandleAsync(CancellationToken ct) => requests.RecordEventsAsync(HttpContext, Kind);
}
