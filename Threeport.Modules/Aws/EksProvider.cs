using Threeport.Modules.Aws.AwsEksKubernetesRuntimeDefinitions;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Tables;

namespace Threeport.Modules.Aws;

/// <summary>Clusters at Amazon EKS: what a runtime asks for, in our kinds.</summary>
internal sealed class EksProvider : ClusterProvider<AwsEksKubernetesRuntimeDefinition, AwsEksKubernetesRuntimeInstance>
{
    private const int InitialNodes = 2;

    public override string Name => "eks";

    public override string Summary => "a cluster of Amazon EKS";

    public override IReadOnlyCollection<string> Locations => Regions.Locations;

    public override string? Refuse(ClusterShape shape) =>
        NodeTypes.Of(shape.NodeProfile, shape.NodeSize) is null
            ? $"{shape.NodeProfile} has no size {shape.NodeSize} at {Name}, but {string.Join(", ", NodeTypes.SizesOf(shape.NodeProfile))}."
            : null;

    protected override AwsEksKubernetesRuntimeDefinition Define(ClusterShape shape) =>
        new()
        {
            Name = shape.Definition,
            Spec = new()
            {
                AwsAccount = shape.Account ?? "",
                ZoneCount = shape.HighAvailability ? 3 : 2,
                HighAvailability = shape.HighAvailability,
                DefaultNodeGroupInstanceType =
                    NodeTypes.Of(shape.NodeProfile, shape.NodeSize)
                    ?? throw new ProblemException(Problems.BadRequest(Refuse(shape)!)),
                DefaultNodeGroupInitialSize = Math.Min(InitialNodes, shape.NodeMaximum),
                DefaultNodeGroupMinimumSize = 0,
                DefaultNodeGroupMaximumSize = shape.NodeMaximum,
                KubernetesRuntimeDefinition = shape.Definition,
            },
        };

    protected override AwsEksKubernetesRuntimeInstance Place(ClusterPlace place) =>
        new()
        {
            Name = place.Runtime,
            Spec = new()
            {
                AwsEksKubernetesRuntimeDefinition = place.Definition,
                Region = Regions.Of(place.Location),
                KubernetesRuntimeInstance = place.Runtime,
            },
        };

    protected override string? OwnerOf(AwsEksKubernetesRuntimeDefinition definition) =>
        definition.Spec.KubernetesRuntimeDefinition;

    protected override string? OwnerOf(AwsEksKubernetesRuntimeInstance cluster) =>
        cluster.Spec.KubernetesRuntimeInstance;

    /// <summary>There is a token once all of the cluster is there: its API answers some minutes before a node that the agent could run on.</summary>
    protected override ClusterAccess? AccessTo(AwsEksKubernetesRuntimeInstance cluster) =>
        cluster.Status is { ApiEndpoint: { } endpoint, ConnectionToken: { } token, ConnectionTokenExpiration: { } ends }
            ? new(endpoint, cluster.Status.CaCertificate, token, ends)
            : null;
}
