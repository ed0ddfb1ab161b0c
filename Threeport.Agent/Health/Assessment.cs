namespace Threeport.Agent.Health;

/// <summary>How an object is, from best to worst.</summary>
internal enum ObjectHealth
{
    Healthy,
    Progressing,
    Missing,
    Unhealthy,
}

/// <summary>What an object's own words come to.</summary>
/// <param name="Health">How it is.</param>
/// <param name="Summary">In a word or a number: <c>3/5</c>, <c>Running</c>.</param>
/// <param name="Message">Why it is not healthy, with the cluster's own reason.</param>
internal sealed record Assessment(ObjectHealth Health, string Summary, string Message = "")
{
    /// <summary>Pods that it has ready.</summary>
    public int ReadyPods { get; init; }

    /// <summary>Pods that it wants.</summary>
    public int WantedPods { get; init; }

    public static Assessment Healthy(string summary, string message = "") =>
        new(ObjectHealth.Healthy, summary, message);

    public static Assessment Progressing(string summary, string message) =>
        new(ObjectHealth.Progressing, summary, message);

    public static Assessment Unhealthy(string summary, string message) => new(ObjectHealth.Unhealthy, summary, message);
}
