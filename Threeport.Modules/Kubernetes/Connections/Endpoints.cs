using System.Net;
using System.Net.Sockets;

namespace Threeport.Kubernetes;

/// <summary>Which addresses the control plane talks to on behalf of a user.</summary>
public static class Endpoints
{
    private static readonly IPNetwork[] Refused =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("100.100.100.200/32"),
        IPNetwork.Parse("224.0.0.0/3"),
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("fd00:ec2::254/128"),
        IPNetwork.Parse("ff00::/8"),
    ];

    /// <param name="endpoint">The address.</param>
    /// <param name="allowLoopback">Whether this machine is one.</param>
    /// <returns>What is wrong with the address, or null.</returns>
    public static string? Check(string? endpoint, bool allowLoopback = true)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps)
        {
            return "must be an https:// address";
        }

        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return "must be an address without user, query or fragment";
        }

        if (!allowLoopback && uri.IsLoopback)
        {
            return "loopback addresses are not allowed on this control plane";
        }

        var host = uri.DnsSafeHost;
        return
            host.Equals("metadata.google.internal", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IsRefused(address))
            ? "link-local, multicast and metadata addresses are not allowed"
            : null;
    }

    /// <summary>Whether nothing is ever sent there: link-local addresses, where clouds keep credentials, among others.</summary>
    public static bool IsRefused(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.Equals(IPAddress.IPv6Any) || Refused.Any(n => n.Contains(plain));
    }

    private static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    /// <summary>Connects to the first address of the host that answers and is not refused: a name must not lead where an address may not.</summary>
    internal static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint target,
        bool allowLoopback,
        CancellationToken cancellationToken
    )
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, cancellationToken);
        var allowed = addresses.Where(a => !IsRefused(a) && (allowLoopback || !IsLoopback(a))).ToArray();
        if (allowed.Length == 0)
        {
            throw new HttpRequestException($"{target.Host} has no address that is allowed");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
