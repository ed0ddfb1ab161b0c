using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Threeport.Host.Configuration;
using Threeport.Host.Tls;
using Threeport.Server;

namespace Threeport.Host;

/// <summary>The addresses that are listened on, with the certificate that is current when a connection is made.</summary>
internal static class Listening
{
    public static void ListenOn(this KestrelServerOptions kestrel, HostSettings settings)
    {
        kestrel.AddServerHeader = false;
        foreach (var address in settings.Listen)
        {
            if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip))
            {
                kestrel.Listen(ip, address.Port, Secure(address));
            }
            else
            {
                kestrel.ListenLocalhost(address.Port, Secure(address));
            }
        }
    }

    private static Action<ListenOptions> Secure(Uri address) =>
        listen =>
        {
            listen.UseThreeportLimits();
            if (address.Scheme == Uri.UriSchemeHttps)
            {
                var certificate = listen.ApplicationServices.GetRequiredService<ServerCertificate>();
                listen.UseThreeportHttps(() => certificate.Current);
            }
        };
}
