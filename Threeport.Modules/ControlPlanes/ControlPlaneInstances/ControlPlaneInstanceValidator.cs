using System.Text.RegularExpressions;
using FluentValidation;
using Threeport.Kubernetes;

namespace Threeport.Modules.ControlPlanes.ControlPlaneInstances;

internal sealed partial class ControlPlaneInstanceValidator : AbstractValidator<ControlPlaneInstance>
{
    public ControlPlaneInstanceValidator()
    {
        RuleFor(static x => x.Spec.ControlPlaneDefinition).NotEmpty().WithMessage("Name the control-plane-definition.");
        RuleFor(static x => x.Spec.KubernetesRuntimeInstance)
            .NotEmpty()
            .WithMessage("Name the kubernetes-runtime-instance that it is in.");
        RuleFor(static x => x.Spec.Namespace)
            .Must(static ns => Label().IsMatch(ns))
            .WithMessage("Must be the name of a namespace: 1 to 63 lower-case letters, digits and dashes.");
        RuleFor(static x => x.Spec.ApiServerEndpoint)
            .Custom(static (endpoint, context) => Refuse(context, Endpoints.Check(endpoint, allowLoopback: true)));
        RuleFor(static x => x.Spec.CaCert)
            .Custom(static (pem, context) => Refuse(context, Credentials.CheckAuthority(pem)));
        RuleFor(static x => x.Spec.IsSelf)
            .Equal(true)
            .WithMessage(
                "Must be true: this control plane registers itself, and cannot make others yet. Install another one with `qleetctl up`."
            );
        RuleFor(static x => x.Spec.Genesis)
            .Equal(true)
            .WithMessage("Must be true: a control plane cannot be made by another one yet, so each is the first.");
    }

    private static void Refuse(ValidationContext<ControlPlaneInstance> context, string? wrong)
    {
        if (wrong is not null)
        {
            context.AddFailure(wrong);
        }
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex Label();
}
