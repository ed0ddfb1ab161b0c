namespace Threeport.Kubernetes;

/// <summary>Where clusters may be, beyond what is refused everywhere.</summary>
/// <param name="AllowLoopback">
/// Whether on the machine that the control plane runs on. Right for one that is somebody's own; where others register clusters it
/// would lead them to what listens there for its neighbours alone.
/// </param>
public sealed record ClusterPolicy(bool AllowLoopback)
{
    /// <summary>The setting, <c>true</c> or <c>false</c>.</summary>
    public const string LoopbackSetting = "Threeport:Kubernetes:AllowLoopback";

    /// <param name="allowLoopback">What is configured; nothing means no.</param>
    /// <exception cref="FormatException">It is neither true nor false.</exception>
    public static ClusterPolicy Of(string? allowLoopback) =>
        string.IsNullOrEmpty(allowLoopback) ? new(AllowLoopback: false)
        : bool.TryParse(allowLoopback, out var allow) ? new(allow)
        : throw new FormatException($"{LoopbackSetting} is true or false, not \"{allowLoopback}\".");
}
