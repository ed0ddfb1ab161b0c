using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Threeport.Agent.Reporting;

/// <summary>Shows the control plane who we are, with what the files hold now: both sorts are renewed while the agent runs.</summary>
internal sealed class ClientIdentity(IdentityFiles files, TimeProvider time)
{
    private readonly WatchedFile? _token = Watched(files.Token, time);
    private readonly WatchedFile? _certificate = Watched(files.Certificate, time);
    private readonly WatchedFile? _key = Watched(files.Key, time);
    private (string Certificate, string Key, X509Certificate2 Both)? _current;

    /// <summary>New connections show the certificate of the last <see cref="ApplyAsync"/>.</summary>
    public void ShowOn(SslClientAuthenticationOptions ssl)
    {
        if (_certificate is not null)
        {
            ssl.LocalCertificateSelectionCallback = (_, _, _, _, _) => _current?.Both!;
        }
    }

    /// <summary>To be called before each request.</summary>
    /// <exception cref="IOException">The files cannot be read, or do not hold what they should.</exception>
    public async ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_token is not null)
        {
            request.Headers.Authorization = new("Bearer", await _token.ReadAsync(cancellationToken));
            return;
        }

        var certificate = await _certificate!.ReadAsync(cancellationToken);
        var key = await _key!.ReadAsync(cancellationToken);
        if (_current?.Certificate == certificate && _current?.Key == key)
        {
            return;
        }

        try
        {
            _current = (certificate, key, X509Certificate2.CreateFromPem(certificate, key));
        }
        catch (CryptographicException exception)
        {
            // One of them was replaced, the other one not yet.
            Expire();
            throw new IOException("The certificate and the key do not belong together, or are not PEM.", exception);
        }
    }

    /// <summary>It was refused: the files may hold another by now.</summary>
    public void Expire()
    {
        _token?.Expire();
        _certificate?.Expire();
        _key?.Expire();
    }

    private static WatchedFile? Watched(string? path, TimeProvider time) => path is null ? null : new(path, time);
}
