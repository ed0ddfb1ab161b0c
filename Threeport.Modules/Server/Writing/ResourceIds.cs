namespace Threeport.Server.Writing;

/// <summary>Identifiers of resources and of their history: their order is that of creation, so that a list by age is an index read from an end.</summary>
internal static class ResourceIds
{
    /// <summary>A UUID of version 7 whose <c>rand_a</c> has the fraction of the millisecond, by RFC 9562, section 6.2, method 3.</summary>
    public static Guid Create(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(now).TryWriteBytes(bytes, bigEndian: true, out _);
        var fraction = now.Ticks % TimeSpan.TicksPerMillisecond * 4096 / TimeSpan.TicksPerMillisecond;
        bytes[6] = (byte)(0x70 | (fraction >> 8));
        bytes[7] = (byte)fraction;
        return new(bytes, bigEndian: true);
    }
}
