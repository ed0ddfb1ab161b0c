namespace Threeport.Installation;

/// <summary>A step that cannot be done.</summary>
/// <param name="tried">What was tried.</param>
/// <param name="got">What came back.</param>
/// <param name="next">What to do about it.</param>
public sealed class InstallationException(string tried, string got, string next) : Exception(got)
{
    /// <summary>What was tried.</summary>
    public string Tried { get; } = tried;

    /// <summary>What to do about it.</summary>
    public string Next { get; } = next;
}
