using FluentValidation;
using Threeport.Modules.Aws.Tables;

namespace Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

internal sealed class AwsEksKubernetesRuntimeInstanceValidator : AbstractValidator<AwsEksKubernetesRuntimeInstance>
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
    }
}
