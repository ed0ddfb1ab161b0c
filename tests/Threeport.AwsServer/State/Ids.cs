using System.Security.Cryptography;

namespace Threeport.AwsServer.State;

/// <summary>Identifiers of the forms that AWS gives.</summary>
internal static class Ids
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string Base62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary><c>vpc-0a1b2c3d4e5f60718</c>.</summary>
    public static string Ec2(string prefix) => $"{prefix}-0{RandomNumberGenerator.GetHexString(16, lowercase: true)}";

    /// <summary><c>AROA…</c>, <c>ASIA…</c>: four letters and seventeen, or sixteen, more.</summary>
    public static string Iam(string prefix, int length = 17) =>
        prefix + new string(RandomNumberGenerator.GetItems<char>(Base32, length));

    public static string Secret(int length) => new(RandomNumberGenerator.GetItems<char>(Base62, length));

    public static string Hex(int length) => RandomNumberGenerator.GetHexString(length);
}
