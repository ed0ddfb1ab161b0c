using Threeport.Api;

namespace Threeport.Tests.Runtime;

/// <summary>A kind of the tests' own.</summary>
internal sealed class Gadget : Resource<GadgetSpec, NoStatus>, IKind
{
    public static string Plural => "gadgets";

    public static string Singular => "gadget";
}

internal sealed record GadgetSpec;
