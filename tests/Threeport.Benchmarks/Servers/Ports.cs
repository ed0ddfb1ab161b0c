using System.Net;
using System.Net.Sockets;

namespace Threeport.Benchmarks.Servers;

/// <summary>Below those that the system hands out, so that nobody is given one between here and its use.</summary>
internal static class Ports
{
    private static int s_next = Random.Shared.Next(15_000, 31_000);

    public static int Next()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref s_next);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one.
            }
        }
    }
}
