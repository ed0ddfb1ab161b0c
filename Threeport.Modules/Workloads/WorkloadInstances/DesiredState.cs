using System.Text.Json.Nodes;
using Threeport.Kubernetes;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>What shall be in the cluster for an instance. Decides, touches nothing.</summary>
/// <param name="Objects">In the order that they are applied in.</param>
/// <param name="Namespace">Where objects went that name no namespace; null when there is no such place.</param>
/// <param name="ManagesNamespace">Whether that namespace is made for this instance.</param>
internal sealed record DesiredState(IReadOnlyList<DesiredObject> Objects, string? Namespace, bool ManagesNamespace)
{
    /// <param name="instance">Whose.</param>
    /// <param name="manifests">Of its definition; their content is not changed.</param>
    /// <param name="isNamespaced">Of a type, by apiVersion and kind.</param>
    public static DesiredState For(
        WorkloadInstance instance,
        IReadOnlyList<Manifest> manifests,
        Func<string, string, bool> isNamespaced
    )
    {
        var declared = Namespaces.Declared(manifests);
        var managed = Namespaces.ManagedBy(instance);
        var home = declared ?? managed;
        var objects = new List<DesiredObject>(manifests.Count + 1);
        var homeless = false;
        foreach (var manifest in manifests)
        {
            var content = (JsonObject)manifest.Content.DeepClone();
            var metadata = content["metadata"]!.AsObject();
            if (!isNamespaced(manifest.Reference.ApiVersion, manifest.Reference.Kind))
            {
                metadata.Remove("namespace");
            }
            else if (metadata["namespace"] is null)
            {
                metadata["namespace"] = home;
                homeless = true;
            }

            objects.Add(Labelled(content, instance));
        }

        var manages = homeless && declared is null;
        if (manages)
        {
            objects.Add(Labelled(NewNamespace(managed), instance));
        }

        // Stable: within a stage the author's order stays.
        return new([.. objects.OrderBy(static o => o.Stage)], manages ? managed : declared, manages);
    }

    private static DesiredObject Labelled(JsonObject content, WorkloadInstance instance)
    {
        content.Remove("status");
        WorkloadLabels.Add(content, instance.Id);
        FillInProtocols(content);
        return new(ObjectReference.Of(content), content);
    }

    /// <summary>Only of kinds of which it is known what ports are.</summary>
    private static void FillInProtocols(JsonObject content)
    {
        if ((string?)content["apiVersion"] is "v1" or "apps/v1" or "batch/v1" or "batch/v1beta1")
        {
            PortProtocols.FillIn(content["spec"]);
        }
    }

    private static JsonObject NewNamespace(string name) =>
        new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = name },
        };
}
