namespace Threeport.Runtime;

/// <summary>Who asks. The API layer authorises every call by it, the in-process transport included.</summary>
/// <param name="Name">For people and the history: <c>admin</c>, <c>controller:workloads</c>, <c>agent:local</c>.</param>
/// <param name="Roles">
/// What may be done: <c>admin</c>, <c>operator</c>, <c>developer</c>, <c>viewer</c>, <c>controller:&lt;module&gt;</c>,
/// <c>agent:&lt;runtime&gt;</c>, or the name of a <c>role</c> resource.
/// </param>
public sealed record Caller(string Name, params IReadOnlyList<string> Roles)
{
    private const string ControllerPrefix = "controller:";
    private const string AgentPrefix = "agent:";

    /// <summary>The control plane itself: migrations, resync, bootstrap.</summary>
    public static Caller System { get; } = new("system", "system");

    /// <summary>Where from: an address, or <c>in-process</c>.</summary>
    public string From { get; init; } = "in-process";

    /// <summary>The module whose reconcilers this is; null when it is none.</summary>
    public static string? ModuleOf(string role) => After(ControllerPrefix, role);

    /// <summary>The runtime whose agent this is; null when it is none.</summary>
    public static string? RuntimeOf(string role) => After(AgentPrefix, role);

    /// <summary>The caller that a module's reconcilers are.</summary>
    public static Caller Controller(string module) => new(ControllerPrefix + module, ControllerPrefix + module);

    /// <summary>The caller that the agent of a runtime is.</summary>
    public static Caller Agent(string runtime) => new(AgentPrefix + runtime, AgentPrefix + runtime);

    private static string? After(string prefix, string role) =>
        role.StartsWith(prefix, StringComparison.Ordinal) ? role[prefix.Length..] : null;
}

/// <summary>Holds the caller of the current scope: set by authentication for a request, by the controller for a pass.</summary>
public sealed class CallerContext
{
    /// <summary>Who asks; unset, nothing is allowed.</summary>
    public Caller? Caller { get; set; }
}
