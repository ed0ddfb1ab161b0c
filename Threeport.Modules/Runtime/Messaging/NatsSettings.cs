using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Threeport.Runtime;

/// <summary>How the broker is reached: <c>Threeport:Nats</c>, an address that may carry user and password, or those of a cluster's servers.</summary>
internal static class NatsSettings
{
    /// <summary>
    /// Never gives up, comes back within a second of the broker, fails a publish instead of keeping it while disconnected,
    /// and does not lose acknowledgements when it is closed.
    /// </summary>
    public static NatsOpts Options(IConfiguration configuration, Node node, ILoggerFactory loggers)
    {
        var servers = Servers(configuration["Threeport:Nats"] ?? "");

        return NatsOpts.Default with
        {
            Url = string.Join(
                ',',
                servers.Select(static s => s.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped))
            ),
            AuthOpts = Credentials(servers[0].UserInfo),
            TlsOpts = Tls(configuration["Threeport:NatsCaFile"]),
            Name = $"threeport {node.Name}",
            LoggerFactory = loggers,
            MaxReconnectRetry = -1,
            RetryOnInitialConnect = true,
            ReconnectWaitMin = TimeSpan.FromMilliseconds(100),
            ReconnectWaitMax = TimeSpan.FromSeconds(1),
            ReconnectJitter = TimeSpan.FromMilliseconds(50),
            ConnectTimeout = TimeSpan.FromSeconds(2),
            // The third without an answer ends the connection: one that fell silent is replaced within 15 s, not 30.
            PingInterval = TimeSpan.FromSeconds(3),
            PublishTimeoutOnDisconnected = true,
            DrainSubscriptionsOnDispose = true,
            ConsumerDrainOnDisposeTimeout = TimeSpan.FromSeconds(2),
            IgnoreAuthErrorAbort = true,
        };
    }

    /// <summary>Of a cluster any may be connected to; user and password are those of the first.</summary>
    private static List<Uri> Servers(string text) =>
        [
            .. text.Split(',')
                .Select(static part =>
                    Uri.TryCreate(part.Trim(), UriKind.Absolute, out var url) && url.Scheme is ("nats" or "tls")
                        ? url
                        : throw new InvalidOperationException(
                            "Threeport:Nats is the broker's address, or several with commas: nats://host:4222, tls://user:password@host:4222."
                        )
                ),
        ];

    private static NatsAuthOpts Credentials(string user) =>
        user.Split(':', 2) is [var name, var password]
            ? new() { Username = Uri.UnescapeDataString(name), Password = Uri.UnescapeDataString(password) }
            : NatsAuthOpts.Default;

    private static NatsTlsOpts Tls(string? caFile) =>
        string.IsNullOrEmpty(caFile) ? NatsTlsOpts.Default : new() { CaFile = caFile };
}
