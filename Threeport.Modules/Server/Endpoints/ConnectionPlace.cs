using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Threeport.Runtime;

namespace Threeport.Server.Endpoints;

/// <summary>The place that one connection holds; a feature of the connection. Its state is guarded by its <see cref="ConnectionLimits"/>.</summary>
internal sealed class ConnectionPlace : IDisposable
{
    private readonly ConnectionLimits _limits;
    private readonly ConnectionContext _connection;

    public ConnectionPlace(ConnectionLimits limits, ConnectionContext connection, IPAddress address)
    {
        (_limits, _connection, Address) = (limits, connection, address);
        InAll = new(this);
        InAddress = new(this);
    }

    public IPAddress Address { get; }

    /// <summary>Whose it is; null as long as it goes first.</summary>
    public string? Name { get; set; }

    public bool HasLeft { get; set; }

    public LinkedListNode<ConnectionPlace> InAll { get; }

    public LinkedListNode<ConnectionPlace> InAddress { get; }

    /// <summary>Whoever sends this request is known: its connection does not make room for others any more.</summary>
    public static void Prove(HttpContext context, Caller caller)
    {
        if (context.Features.Get<ConnectionPlace>() is { Name: null } place)
        {
            place._limits.Prove(place, RequestLimits.IsOurs(caller) ? null : caller.Name);
        }
    }

    public void Abort() => _connection.Abort(new("Another connection needs the place."));

    public void Dispose() => _limits.Return(this);
}
