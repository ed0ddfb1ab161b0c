using FluentValidation;

namespace Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeDefinitions;

internal sealed class KubernetesRuntimeDefinitionValidator : AbstractValidator<KubernetesRuntimeDefinition>
{
    private static readonly string[] Profiles = ["Balanced", "ComputeOptimized", "MemoryOptimized"];

    private static readonly string[] Sizes =
    [
        "2XSmall",
        "XSmall",
        "Small",
        "Medium",
        "Large",
        "XLarge",
        "2XLarge",
        "3XLarge",
        "4XLarge",
    ];

    public KubernetesRuntimeDefinitionValidator(InfraProviders providers)
    {
        RuleFor(static x => x.Spec.InfraProvider).OneOf(providers.Names);
        RuleFor(static x => x.Spec.NodeSize).OneOf(Sizes);
        RuleFor(static x => x.Spec.NodeProfile).OneOf(Profiles);
        RuleFor(static x => x.Spec.NodeMaximum).InclusiveBetween(1, 5000).WithMessage("Must be 1 to 5000.");
        RuleFor(static x => x)
            .Custom(
                (definition, context) =>
                {
                    if (providers.Find(definition.Spec.InfraProvider)?.Refuse(definition.Shape()) is { } refused)
                    {
                        context.AddFailure("Spec.NodeSize", refused);
                    }
                }
            )
            .When(static x => Sizes.Contains(x.Spec.NodeSize) && Profiles.Contains(x.Spec.NodeProfile));
    }
}

internal static class Words
{
    public static IRuleBuilderOptions<T, string> OneOf<T>(
        this IRuleBuilder<T, string> rule,
        IReadOnlyList<string> words
    ) =>
        rule.Must(word => words.Contains(word, StringComparer.Ordinal))
            .WithMessage(
                $"Must be {(words.Count > 12 ? "one of " : "")}{string.Join(", ", words.SkipLast(1))} or {words[^1]}."
            );
}
