using FluentValidation;

namespace Threeport.Modules.ControlPlanes.ControlPlaneDefinitions;

internal sealed class ControlPlaneDefinitionValidator : AbstractValidator<ControlPlaneDefinition>
{
    public ControlPlaneDefinitionValidator()
    {
        RuleFor(static x => x.Spec.AuthEnabled)
            .Equal(true)
            .WithMessage("Must be true: a control plane in a cluster is reached with a certificate or a token only.");
        RuleFor(static x => x.Spec.OnboardParent)
            .Equal(false)
            .WithMessage("Must be false: a control plane cannot be made by another one yet, so it has no parent.");
    }
}
