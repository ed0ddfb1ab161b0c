using System.Net;
using System.Security.Cryptography.X509Certificates;
using Threeport.Certificates;
using Threeport.Host.Configuration;

namespace Threeport.Host.Tls;

/// <summary>
/// The certificate that the API is served with. Made new at every start and before two thirds of its life are over; connections made
/// from then on get the new one.
/// </summary>
internal sealed partial class ServerCertificate : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromHours(1);

    private readonly CertificateAuthority _authority;
    private readonly IReadOnlyList<string> _names;
    private readonly TimeProvider _time;
    private readonly ILogger<ServerCertificate> _logger;
    private volatile X509Certificate2 _current;

    public ServerCertificate(
        HostSettings settings,
        CertificateAuthority authority,
        TimeProvider time,
        ILogger<ServerCertificate> logger
    )
    {
        _authority = authority;
        _time = time;
        _logger = logger;
        _names = NamesOf(settings);
        _current = authority.IssueServer(_names, time);
    }

    public X509Certificate2 Current => _current;

    /// <summary>This machine's names, those listened on, and those advertised.</summary>
    internal static IReadOnlyList<string> NamesOf(HostSettings settings) =>
        [
            .. new[] { "localhost", "127.0.0.1", "::1", Dns.GetHostName() }
                .Concat(settings.Listen.Select(static u => u.Host.Trim('[', ']')))
                .Concat(settings.Advertise)
                .Where(static n => Uri.CheckHostName(n) is not UriHostNameType.Unknown && n is not ("0.0.0.0" or "::"))
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Renew();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    internal void Renew()
    {
        var current = _current;
        var life = current.NotAfter - current.NotBefore;
        if (_time.GetUtcNow() < current.NotBefore + (life * 2 / 3))
        {
            return;
        }

        // The old one is not disposed of: handshakes may be using it.
        _current = _authority.IssueServer(_names, _time);
        LogRenewed(_current.NotAfter);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The server certificate was renewed; it is good until {NotAfter}"
    )]
    private partial void LogRenewed(DateTime notAfter);
}
