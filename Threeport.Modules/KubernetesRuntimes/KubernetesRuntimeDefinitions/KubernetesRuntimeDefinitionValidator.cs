using FluentValidation;

namespace Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeDefinitions;

internal sealed class KubernetesRuntimeDefinitionValidator : AbstractValidator<KubernetesRuntimeDefinition>
{
    private static readonly string[] Providers = [InfraProviders.Existing, InfraProviders.Kind];
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

    public KubernetesRuntimeDefinitionValidator()
    {
        RuleFor(static x => x.Spec.InfraProvider).OneOf(Providers);
        RuleFor(static x => x.Spec.NodeSize).OneOf(Sizes);
        RuleFor(static x => x.Spec.NodeProfile).OneOf(Profiles);
        RuleFor(static x => x.Spec.NodeMaximum).InclusiveBetween(1, 5000).WithMessage("Must be 1 to 5000.");
    }
}

/// <summary>Who makes clusters.</summary>
internal static class InfraProviders
{
    public const string Existing = "existing";
    public const string Kind = "kind";
}

internal static class Words
{
    public static IRuleBuilderOptions<T, string> OneOf<T>(this IRuleBuilder<T, string> rule, string[] words) =>
        rule.Must(word => words.Contains(word, StringComparer.Ordinal))
            .WithMessage(
                $"Must be {(words.Length > 12 ? "one of " : "")}{string.Join(", ", words[..^1])} or {words[^1]}."
            );
}
