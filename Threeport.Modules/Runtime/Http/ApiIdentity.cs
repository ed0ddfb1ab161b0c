using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;

namespace Threeport.Runtime;

/// <summary>
/// What a process without the role <c>api</c> shows to the API layer: <c>Threeport:ApiCertificateFile</c> with
/// <c>Threeport:ApiKeyFile</c>, or <c>Threeport:ApiTokenFile</c>. They are read again when they change.
/// </summary>
internal sealed class ApiIdentity(IConfiguration configuration)
{
    private readonly string? _certificateFile = configuration["Threeport:ApiCertificateFile"];
    private readonly string? _keyFile = configuration["Threeport:ApiKeyFile"];
    private readonly string? _tokenFile = configuration["Threeport:ApiTokenFile"];
    private readonly Lock _gate = new();
    private (DateTime Written, X509Certificate2 Value)? _certificate;
    private (DateTime Written, string Value)? _token;

    /// <summary>New connections show the certificate, if there is one.</summary>
    public void ShowOn(SslClientAuthenticationOptions ssl)
    {
        if (!string.IsNullOrEmpty(_certificateFile))
        {
            ssl.LocalCertificateSelectionCallback = (_, _, _, _, _) => Certificate();
        }
    }

    /// <summary>Null when a certificate says it all.</summary>
    public AuthenticationHeaderValue? Authorization()
    {
        if (string.IsNullOrEmpty(_tokenFile))
        {
            return null;
        }

        lock (_gate)
        {
            var written = File.GetLastWriteTimeUtc(_tokenFile);
            if (_token?.Written != written)
            {
                _token = (written, File.ReadAllText(_tokenFile).Trim());
            }

            return new("Bearer", _token.Value.Value);
        }
    }

    private X509Certificate2 Certificate()
    {
        lock (_gate)
        {
            // The key is written first: a new certificate finds its key.
            var written = File.GetLastWriteTimeUtc(_certificateFile!);
            if (_certificate?.Written != written)
            {
                _certificate = (written, X509Certificate2.CreateFromPemFile(_certificateFile!, _keyFile));
            }

            return _certificate.Value.Value;
        }
    }
}
