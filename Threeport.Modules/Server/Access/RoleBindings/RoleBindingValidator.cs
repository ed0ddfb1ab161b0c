using FluentValidation;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Access.Roles;

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

/// <summary>The role must be there: a binding to one that is made later would give rights that nobody looked at.</summary>
internal sealed class RoleBindingAdmission(IResources resources) : IAdmission<RoleBinding>
{
    public async ValueTask AdmitAsync(RoleBinding resource, RoleBinding? current, CancellationToken cancellationToken)
    {
        var role = resource.Spec.Role;
        if (
            role.Length > 0
            && !BuiltInRoles.ForPeople.Contains(role)
            && (!Resources.Labels.IsName(role) || await resources.FindAsync<Role>(role, cancellationToken) is null)
        )
        {
            throw new ProblemException(
                Problems.Validation(
                    new ProblemError(
                        "/spec/role",
                        $"There is no role named \"{role}\". Built in are {string.Join(", ", BuiltInRoles.ForPeople)}."
                    )
                )
            );
        }
    }
}
