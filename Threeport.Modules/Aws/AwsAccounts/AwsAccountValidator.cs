using System.Text.RegularExpressions;
using FluentValidation;
using Threeport.Modules.Aws.Tables;

namespace Threeport.Modules.Aws.AwsAccounts;

internal sealed partial class AwsAccountValidator : AbstractValidator<AwsAccount>
{
    public AwsAccountValidator()
    {
        RuleFor(static x => x.Spec.AccountId).Matches(AccountId()).WithMessage("Must be 12 digits.");
        RuleFor(static x => x.Spec.DefaultRegion)
            .Must(static region => Regions.IsRegion(region))
            .WithMessage("Must be a region such as eu-central-1.");
        RuleFor(static x => x.Spec.RoleArn)
            .Matches(RoleArn())
            .When(static x => x.Spec.RoleArn is not null)
            .WithMessage("Must be a role's ARN such as arn:aws:iam::123456789012:role/threeport.");
        RuleFor(static x => x.Spec.ExternalId)
            .Matches(ExternalId())
            .When(static x => x.Spec.ExternalId is not null)
            .WithMessage("Must be 2 to 1224 letters, digits and any of +=,.@:/_-.");
        RuleFor(static x => x.Spec.Profile)
            .Matches(Profile())
            .When(static x => x.Spec.Profile is not null)
            .WithMessage("Must be a profile's name: at most 128 letters, digits and any of ._@+-.");
        Together(
            static spec => spec.AccessKeyId is null && spec.SecretAccessKey is not null,
            "AccessKeyId",
            "Needed with secretAccessKey."
        );
        Together(
            static spec => spec.AccessKeyId is not null && spec.SecretAccessKey is null,
            "SecretAccessKey",
            "Needed with accessKeyId."
        );
        Together(
            static spec => spec.Profile is not null && spec.AccessKeyId is not null,
            "Profile",
            "Give access keys or a profile, not both."
        );
        Together(
            static spec => spec.RoleArn is null && spec.ExternalId is not null,
            "ExternalId",
            "Needs roleArn, whose trust asks for it."
        );
        Together(
            static spec => spec.RoleArn is { } arn && RoleArn().IsMatch(arn) && arn.Split(':')[4] != spec.AccountId,
            "RoleArn",
            "Must be a role of the account that accountId says."
        );
    }

    private void Together(Func<AwsAccountSpec, bool> isWrong, string field, string message) =>
        RuleFor(static x => x.Spec)
            .Custom(
                (spec, context) =>
                {
                    if (isWrong(spec))
                    {
                        context.AddFailure($"Spec.{field}", message);
                    }
                }
            );

    [GeneratedRegex("^[0-9]{12}$")]
    private static partial Regex AccountId();

    [GeneratedRegex(@"^arn:aws[a-z-]*:iam::[0-9]{12}:role/([\x21-\x7e]{1,510}/)?[A-Za-z0-9+=,.@_-]{1,64}$")]
    private static partial Regex RoleArn();

    [GeneratedRegex("^[A-Za-z0-9+=,.@:/_-]{2,1224}$")]
    private static partial Regex ExternalId();

    [GeneratedRegex("^[A-Za-z0-9._@+-]{1,128}$")]
    private static partial Regex Profile();
}
