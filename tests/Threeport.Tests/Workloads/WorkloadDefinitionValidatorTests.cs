using Threeport.Modules.Workloads.WorkloadDefinitions;

namespace Threeport.Tests.Workloads;

public sealed class WorkloadDefinitionValidatorTests
{
    [TestCase("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}", null)]
    [TestCase("", "There are no Kubernetes objects in it.")]
    [TestCase("apiVersion: v1\nkind: Pod", "document 1, line 1: Pod has no metadata.name")]
    [TestCase(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: kube-system}",
        "document 1, line 1: the namespace kube-system is the cluster's own; workloads do not go there"
    )]
    public void Manifests_are_judged_when_they_are_written(string yaml, string? error)
    {
        var result = new WorkloadDefinitionValidator().Validate(
            new WorkloadDefinition { Spec = new() { YamlDocument = yaml } }
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                result.Errors.Select(static e => e.ErrorMessage),
                Is.EqualTo(error is null ? [] : new[] { error })
            );
            Assert.That(result.Errors.Select(static e => e.PropertyName), Is.All.EqualTo("Spec.YamlDocument"));
        }
    }
}
