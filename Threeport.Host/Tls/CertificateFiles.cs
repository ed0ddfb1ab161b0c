using Threeport.Certificates;

namespace Threeport.Host.Tls;

/// <summary>The files of the installation's CA.</summary>
internal static class CertificateFiles
{
    /// <summary>Reads it from its files, or makes it and writes them.</summary>
    public static CertificateAuthority Open(string certificateFile, string keyFile, TimeProvider time)
    {
        if (!File.Exists(keyFile))
        {
            var (certificate, key) = CertificateAuthority.Make(time);
            // The key last: where it is, the certificate is too.
            DataFolder.Write(certificateFile, certificate, (UnixFileMode)0b110_100_100);
            DataFolder.Write(keyFile, key);
        }

        return CertificateAuthority.Of(File.ReadAllText(certificateFile), File.ReadAllText(keyFile));
    }
}
