namespace Threeport.Modules.ControlPlanes.ControlPlaneDefinitions;

/// <summary>How a Threeport control plane is set up.</summary>
[Summary("How a Threeport control plane is set up.")]
public sealed class ControlPlaneDefinition : Resource<ControlPlaneDefinitionSpec, NoStatus>, IKind
{
    public static string Plural => "control-plane-definitions";

    public static string Singular => "control-plane-definition";

    public static IReadOnlyList<string> ShortNames => ["cpd"];
}

/// <summary>What is asked for.</summary>
public sealed record ControlPlaneDefinitionSpec
{
    [Summary("Whether its clients prove who they are; one in a cluster always asks, so true is all that is taken.")]
    public bool AuthEnabled { get; init; } = true;

    [Summary(
        "Whether it is told of the control plane that made it; none is made by another one yet, so false is all that is taken."
    )]
    public bool OnboardParent { get; init; }
}
