using FluentValidation;

namespace Threeport.Server.Access.Roles;

internal sealed class RoleValidator : AbstractValidator<Role>
{
    private const int MaxRules = 100;

    public RoleValidator(Runtime.KindCatalog kinds)
    {
        string[] targets = [RoleRules.AllKinds, .. kinds.Kinds.Select(static k => k.Plural), .. Subsystem.All];
        RuleFor(static x => x.Name)
            .Must(name => BuiltInRoles.Find(name, kinds) is null)
            .WithMessage("Is the name of a built-in role.");
        RuleFor(static x => x.Spec.Rules)
            .NotEmpty()
            .Must(static r => r.Count <= MaxRules)
            .WithMessage($"May hold {MaxRules} rules at the most.");
        RuleForEach(static x => x.Spec.Rules)
            .ChildRules(rule =>
            {
                rule.RuleFor(static r => r.Verbs).NotEmpty();
                rule.RuleForEach(static r => r.Verbs)
                    .Must(static v => AccessVerbs.Find(v) is not null)
                    .WithMessage($"Must be one of {string.Join(", ", AccessVerbs.Names)}.");
                rule.RuleFor(static r => r.Kinds).NotEmpty();
                rule.RuleForEach(static r => r.Kinds)
                    .Must(k => targets.Contains(k))
                    .WithMessage($"Must be one of {string.Join(", ", targets)}.");
            });
    }
}
