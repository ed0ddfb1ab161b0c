namespace NATS.NKeys;

/// <summary>
/// Stands in for the package NATS.NKeys, which not every package source has. The NATS client loads its assembly for any
/// authentication, user and password included, and calls it for NKey and JWT credentials alone; those need the package.
/// </summary>
public sealed class KeyPair : IDisposable
{
  private const string Missing = "NKey and JWT credentials need the package NATS.NKeys in place of the stand-in.";

  public static KeyPair FromSeed(ReadOnlySpan<char> seed) => throw new NotSupportedException(Missing);

  public string GetPublicKey() => throw new NotSupportedException(Missing);

  public void Sign(ReadOnlyMemory<byte> message, Memory<byte> signature) => throw new NotSupportedException(Missing);

  public void Dispose() { }
}
