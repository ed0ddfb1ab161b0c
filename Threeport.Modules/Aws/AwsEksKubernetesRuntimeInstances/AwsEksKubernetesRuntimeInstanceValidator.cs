using System.Text.RegularExpressions;
using FluentValidation;
using Threeport.Modules.Aws.Tables;

namespace Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

internal sealed partial class AwsEksKubernetesRuntimeInstanceValidator
    : AbstractValidator<AwsEksKubernetesRuntimeInstance>
{
    public AwsEksKubernetesRuntimeInstanceValidator()
    {
        RuleFor(static x => x.Spec.AwsEksKubernetesRuntimeDefinition)
            .NotEmpty()
            .WithMessage("Name the aws-eks-kubernetes-runtime-definition.");
        RuleFor(static x => x.Spec.Region)
            .Must(static region => region is null || Regions.IsRegion(region))
            .WithMessage("Must be a region such as eu-central-1.");
        RuleFor(static x => x.Spec.KubernetesRuntimeInstance)
            .Must(static (x, owner) => owner is null || owner == x.Name)
            .WithMessage("Must be the runtime of the same name.");
        // The role is named after it, and a role's name has 64 characters.
        RuleFor(static x => x.Spec.ControlPlaneNamespace)
            .Must(static ns => ns is null || Namespace().IsMatch(ns))
            .WithMessage("Must be a namespace of at most 45 lower-case letters, digits and dashes.");
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,43}[a-z0-9])?\z")]
    private static partial Regex Namespace();
}
