using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

namespace Threeport.Modules.Aws.Stack;

/// <summary>What everything that we make carries, so that it is known as ours, and found again by whoever lost its identifier.</summary>
internal static class StackTags
{
    /// <summary>The id of the resource here that it is part of.</summary>
    public const string Owner = "threeport.io/owner";

    /// <summary>Which of its steps made it.</summary>
    public const string Step = "threeport.io/step";

    /// <summary>Which control plane.</summary>
    public const string ControlPlane = "threeport.io/control-plane";

    private const string Provisioner = "ProvisionedBy";
    private const string Name = "Name";

    private static readonly string[] Reserved = ["aws:", "kubernetes.io/", "threeport.io/"];

    /// <summary>The tag by which Kubernetes knows what is its cluster's.</summary>
    public static string Cluster(string name) => $"kubernetes.io/cluster/{name}";

    public static bool IsReserved(string key) =>
        key is Name or Provisioner || Reserved.Any(r => key.StartsWith(r, StringComparison.OrdinalIgnoreCase));

    /// <summary>Those of one step.</summary>
    /// <param name="eks">Whose.</param>
    /// <param name="controlPlane">Which control plane.</param>
    /// <param name="step">The step's key.</param>
    /// <param name="own">What the user wants on all of it.</param>
    public static Dictionary<string, string> For(
        AwsEksKubernetesRuntimeInstance eks,
        string controlPlane,
        string step,
        IReadOnlyDictionary<string, string> own
    )
    {
        var tags = new Dictionary<string, string>(own, StringComparer.Ordinal)
        {
            [Owner] = eks.Id.ToString("D"),
            [ControlPlane] = controlPlane,
            [Step] = step,
            [Provisioner] = "threeport",
            [Name] = $"{eks.Name}-{step.Replace('/', '-')}",
        };
        switch (StackKey.TypeOf(step))
        {
            case StackKey.PublicSubnet:
                tags[Cluster(eks.Name)] = "shared";
                tags["kubernetes.io/role/elb"] = "1";
                break;
            case StackKey.PrivateSubnet:
                tags[Cluster(eks.Name)] = "shared";
                tags["kubernetes.io/role/internal-elb"] = "1";
                break;
        }

        return tags;
    }
}
