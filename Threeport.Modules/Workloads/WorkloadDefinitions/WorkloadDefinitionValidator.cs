using FluentValidation;
using Threeport.Kubernetes;
using Threeport.Modules.Workloads.WorkloadInstances;

namespace Threeport.Modules.Workloads.WorkloadDefinitions;

internal sealed class WorkloadDefinitionValidator : AbstractValidator<WorkloadDefinition>
{
    public WorkloadDefinitionValidator() =>
        RuleFor(static x => x.Spec.YamlDocument)
            .Custom(
                static (yaml, context) =>
                {
                    foreach (var error in Errors(yaml))
                    {
                        context.AddFailure(error);
                    }
                }
            );

    private static IReadOnlyList<string> Errors(string yaml)
    {
        try
        {
            var manifests = Manifests.Parse(yaml ?? "");
            return manifests.Count == 0
                ? ["There are no Kubernetes objects in it."]
                :
                [
                    .. manifests
                        .Select(static m => (m.Document, m.Line, Refused: Namespaces.Refuse(m)))
                        .Where(static m => m.Refused is not null)
                        .Select(static m => $"document {m.Document}, line {m.Line}: {m.Refused}"),
                ];
        }
        catch (ManifestException exception)
        {
            return exception.Errors;
        }
    }
}
