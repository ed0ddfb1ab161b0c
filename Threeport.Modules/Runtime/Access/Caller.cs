namespace Threeport.Runtime;

/// <summary>Who asks. The API layer authorises every call by it, the in-process transport included.</summary>
/// <param name="Name">For people and the history: <c>admin</c>, <c>controller:workloads</c>, <c>agent:local</c>.</param>
/// <param name="Role">What may be done: <c>admin</c>, <c>controller</c>, <c>agent</c>, <c>viewer</c>.</param>
public sealed record Caller(string Name, string Role)
{
    /// <summary>The control plane itself: migrations, resync, bootstrap.</summary>
    public static Caller System { get; } = new("system", "admin");

    /// <summary>Where from: an address, or <c>in-process</c>.</summary>
    public string From { get; init; } = "in-process";

    /// <summary>The caller that a module's reconcilers are.</summary>
    public static Caller Controller(string module) => new($"controller:{module}", "controller");

    /// <summary>The caller that the agent of a runtime is.</summary>
    public static Caller Agent(string runtime) => new($"agent:{runtime}", "agent");
}

/// <summary>Holds the caller of the current scope: set by authentication for a request, by the controller for a pass.</summary>
public sealed class CallerContext
{
    /// <summary>Who asks; unset, nothing is allowed.</summary>
    public Caller? Caller { get; set; }
}
