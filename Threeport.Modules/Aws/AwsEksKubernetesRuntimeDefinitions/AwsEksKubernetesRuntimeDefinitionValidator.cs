using System.Net;
using System.Text.RegularExpressions;
using FluentValidation;
using Threeport.Modules.Aws.Stack;
using Threeport.Modules.Aws.Tables;

namespace Threeport.Modules.Aws.AwsEksKubernetesRuntimeDefinitions;

internal sealed partial class AwsEksKubernetesRuntimeDefinitionValidator
    : AbstractValidator<AwsEksKubernetesRuntimeDefinition>
{
    private const int MostNodes = 5000;
    private const int MostTags = 40;
    private static readonly string[] Access = ["public", "private", "both"];

    public AwsEksKubernetesRuntimeDefinitionValidator()
    {
        RuleFor(static x => x.Spec.ZoneCount).InclusiveBetween(2, 3).WithMessage("Must be 2 or 3.");
        RuleFor(static x => x.Spec.DefaultNodeGroupInstanceType)
            .Must(static type => NodeTypes.IsType(type))
            .WithMessage("Must be a type of EC2 such as t3.medium.");
        Sizes();
        RuleFor(static x => x.Spec.KubernetesVersion)
            .Matches(Version())
            .When(static x => x.Spec.KubernetesVersion is not null)
            .WithMessage("Must be a minor version such as 1.33.");
        RuleFor(static x => x.Spec.EndpointAccess)
            .Must(static access => Access.Contains(access))
            .WithMessage("Must be public, private or both.");
        RuleForEach(static x => x.Spec.PublicAccessCidrs)
            .Must(static cidr => IPNetwork.TryParse(cidr, out _))
            .WithMessage("Must be a network such as 198.51.100.0/24.");
        RuleFor(static x => x.Spec.VpcCidr)
            .Must(static cidr => Subnetting.IsUsable(cidr))
            .WithMessage("Must be a private network of /16 to /20, such as 10.0.0.0/16.");
        RuleFor(static x => x.Spec.Tags)
            .Must(static tags => tags.Count <= MostTags && tags.All(IsTag))
            .WithMessage(
                $"Must be at most {MostTags} tags of up to 128 and 256 characters; aws:, kubernetes.io/ and threeport.io/ are taken."
            );
    }

    private void Sizes()
    {
        RuleFor(static x => x.Spec.DefaultNodeGroupMaximumSize)
            .InclusiveBetween(1, MostNodes)
            .WithMessage($"Must be 1 to {MostNodes}.");
        RuleFor(static x => x.Spec.DefaultNodeGroupMinimumSize)
            .Must(static (x, minimum) => minimum >= 0 && minimum <= x.Spec.DefaultNodeGroupMaximumSize)
            .WithMessage("Must be 0 to defaultNodeGroupMaximumSize.");
        RuleFor(static x => x.Spec.DefaultNodeGroupInitialSize)
            .Must(
                static (x, initial) =>
                    initial >= x.Spec.DefaultNodeGroupMinimumSize && initial <= x.Spec.DefaultNodeGroupMaximumSize
            )
            .WithMessage("Must be defaultNodeGroupMinimumSize to defaultNodeGroupMaximumSize.");
    }

    private static bool IsTag(KeyValuePair<string, string> tag) =>
        tag.Key.Length is >= 1 and <= 128
        && tag.Value.Length <= 256
        && TagText().IsMatch(tag.Key)
        && TagText().IsMatch(tag.Value)
        && !StackTags.IsReserved(tag.Key);

    [GeneratedRegex(@"^1\.[0-9]{1,3}$")]
    private static partial Regex Version();

    [GeneratedRegex(@"^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$")]
    private static partial Regex TagText();
}
