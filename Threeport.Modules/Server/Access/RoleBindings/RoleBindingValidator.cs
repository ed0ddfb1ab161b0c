using FluentValidation;

namespace Threeport.Server.Access.RoleBindings;

internal sealed class RoleBindingValidator : AbstractValidator<RoleBinding>
{
    private const int MaxSubjects = 1_000;

    public RoleBindingValidator()
    {
        RuleFor(static x => x.Spec.Role).NotEmpty();
        RuleFor(static x => x.Spec.Users)
            .Must(static (x, _) => x.Spec.Users.Count + x.Spec.Groups.Count is > 0 and <= MaxSubjects)
            .WithMessage($"Users and groups together must be 1 to {MaxSubjects}.");
        RuleForEach(static x => x.Spec.Users).NotEmpty().MaximumLength(Subject.MaxLength);
        RuleForEach(static x => x.Spec.Groups).NotEmpty().MaximumLength(Subject.MaxLength);
    }
}
