using System.Security.Cryptography;

namespace Threeport.Certificates;

/// <summary>What a certificate may be used for, by RFC 5280, 4.2.1.12.</summary>
public sealed record CertificateUse
{
    private CertificateUse(string oid) => Oid = new(oid);

    /// <summary>To serve: id-kp-serverAuth.</summary>
    public static CertificateUse Server { get; } = new("1.3.6.1.5.5.7.3.1");

    /// <summary>To say who asks: id-kp-clientAuth.</summary>
    public static CertificateUse Client { get; } = new("1.3.6.1.5.5.7.3.2");

    internal Oid Oid { get; }
}
