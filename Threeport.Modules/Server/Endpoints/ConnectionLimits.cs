using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Threeport.Runtime;

namespace Threeport.Server.Endpoints;

/// <summary>
/// How many connections there may be: <c>Threeport:Limits:Connections</c>. What has not said yet who it is holds its place only until
/// somebody else needs it: of one address a quarter of all at most, and when there is no room the oldest of them goes. So those who
/// open connections and do nothing with them push out each other, and whoever says who he is keeps his.
/// </summary>
internal sealed class ConnectionLimits
{
    private const int Usual = 4_000;

    /// <summary>Nobody's name.</summary>
    private const string NoLimit = "";

    private readonly Lock _lock = new();
    private readonly LinkedList<ConnectionPlace> _unproven = new();
    private readonly Dictionary<IPAddress, LinkedList<ConnectionPlace>> _byAddress = [];
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly int _most;

    /// <summary>What one address may hold without a name, and one name for sure.</summary>
    private readonly int _share;
    private int _open;

    /// <exception cref="SettingsException">The setting is no number.</exception>
    public ConnectionLimits(IConfiguration configuration)
    {
        const string setting = "Threeport:Limits:Connections";
        _most =
            configuration[setting] is not { Length: > 0 } text ? Usual
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
            : throw new SettingsException($"{setting}: \"{text}\" is no whole number above 0.");
        _share = Math.Max(1, _most / 4);
    }

    /// <summary>A place for a connection that was just made; to be disposed of with it.</summary>
    /// <returns>Null when all are held by somebody.</returns>
    public ConnectionPlace? Take(ConnectionContext connection)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        ConnectionPlace? displaced;
        ConnectionPlace place;
        lock (_lock)
        {
            displaced = Displaced(address);
            if (displaced is null && _open >= _most)
            {
                ServerMetrics.Displaced.Add(1);
                return null;
            }

            Leave(displaced);
            place = new(this, connection, address);
            _open++;
            Enlist(place);
        }

        if (displaced is not null)
        {
            ServerMetrics.Displaced.Add(1);
            displaced.Abort();
        }

        return place;
    }

    /// <summary>Whose it is is known. Beyond a name's share its connections stay such as go first.</summary>
    /// <param name="place">Of the connection.</param>
    /// <param name="name">Null for those that have no limit.</param>
    public void Prove(ConnectionPlace place, string? name)
    {
        lock (_lock)
        {
            if (place.HasLeft || place.Name is not null)
            {
                return;
            }

            var held = _byName.GetValueOrDefault(name ?? NoLimit);
            if (name is null || held < _share)
            {
                Delist(place);
                place.Name = name ?? NoLimit;
                _byName[place.Name] = held + 1;
            }
        }
    }

    public void Return(ConnectionPlace place)
    {
        lock (_lock)
        {
            Leave(place);
        }
    }

    private ConnectionPlace? Displaced(IPAddress address) =>
        _byAddress.TryGetValue(address, out var same) && same.Count >= _share ? same.First!.Value
        : _open >= _most ? _unproven.First?.Value
        : null;

    private void Leave(ConnectionPlace? place)
    {
        if (place is not { HasLeft: false })
        {
            return;
        }

        place.HasLeft = true;
        _open--;
        if (place.Name is null)
        {
            Delist(place);
        }
        else if (--_byName[place.Name] <= 0)
        {
            _byName.Remove(place.Name);
        }
    }

    private void Enlist(ConnectionPlace place)
    {
        _unproven.AddLast(place.InAll);
        if (!_byAddress.TryGetValue(place.Address, out var same))
        {
            _byAddress.Add(place.Address, same = new());
        }

        same.AddLast(place.InAddress);
    }

    private void Delist(ConnectionPlace place)
    {
        _unproven.Remove(place.InAll);
        var same = _byAddress[place.Address];
        same.Remove(place.InAddress);
        if (same.Count == 0)
        {
            _byAddress.Remove(place.Address);
        }
    }
}
