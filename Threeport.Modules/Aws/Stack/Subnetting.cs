using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Threeport.Modules.Aws.Stack;

/// <summary>
/// How a cluster's network is divided: in sixteen, of which the first half is for what is private, the second for what is public, and a zone
/// has the same part of each for good.
/// </summary>
internal static class Subnetting
{
    /// <summary>How many zones find room.</summary>
    public const int Slots = 8;

    private const int Widest = 16;
    private const int Narrowest = 20;
    private const int Bits = 4;

    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("100.64.0.0/10"),
    ];

    public static bool IsUsable(string? cidr) =>
        cidr is not null
        && IPNetwork.TryParse(cidr, out var network)
        // As it is said back: parsing leaves aside what is set behind the prefix, and so does AWS.
        && network.ToString() == cidr
        && network.BaseAddress.AddressFamily is AddressFamily.InterNetwork
        && network.PrefixLength is >= Widest and <= Narrowest
        && Private.Any(p => p.PrefixLength <= network.PrefixLength && p.Contains(network.BaseAddress));

    public static string PrivateOf(string cidr, int slot) => Part(cidr, slot);

    public static string PublicOf(string cidr, int slot) => Part(cidr, Slots + slot);

    private static string Part(string cidr, int part)
    {
        var network = IPNetwork.Parse(cidr);
        var prefix = network.PrefixLength + Bits;
        Span<byte> bytes = stackalloc byte[4];
        network.BaseAddress.TryWriteBytes(bytes, out _);
        var start = BinaryPrimitives.ReadUInt32BigEndian(bytes) + ((uint)part << (32 - prefix));
        BinaryPrimitives.WriteUInt32BigEndian(bytes, start);
        return $"{new IPAddress(bytes)}/{prefix}";
    }
}
