using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Threeport.AwsServer.Ec2;

/// <summary>A range of IPv4 addresses.</summary>
internal readonly record struct Cidr(uint Start, int Length)
{
    public ulong Size => 1UL << (32 - Length);

    public static Cidr? Parse(string text) =>
        text.Split('/') is [var address, var length]
        && IPAddress.TryParse(address, out var ip)
        && ip.AddressFamily == AddressFamily.InterNetwork
        && int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
        && bits <= 32
            ? new Cidr(Masked(BinaryPrimitives.ReadUInt32BigEndian(ip.GetAddressBytes()), bits), bits)
            : null;

    public bool Contains(Cidr other) => other.Length >= Length && Masked(other.Start, Length) == Start;

    public bool Overlaps(Cidr other) => Contains(other) || other.Contains(this);

    /// <summary>The n-th address in it.</summary>
    public string Address(uint n)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Start + n);
        return new IPAddress(bytes).ToString();
    }

    public override string ToString() => $"{Address(0)}/{Length}";

    private static uint Masked(uint address, int bits) => bits == 0 ? 0 : address & (uint.MaxValue << (32 - bits));
}
