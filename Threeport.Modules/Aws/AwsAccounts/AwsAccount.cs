namespace Threeport.Modules.Aws.AwsAccounts;

/// <summary>An account at AWS, and how the control plane gets into it.</summary>
[Summary("An account at AWS, and how the control plane gets into it.")]
public sealed class AwsAccount : Resource<AwsAccountSpec, AwsAccountStatus>, IKind
{
    public static string Plural => "aws-accounts";

    public static string Singular => "aws-account";

    public static IReadOnlyList<string> ShortNames => ["awsa"];
}

/// <summary>
/// What is asked for. Credentials are access keys, or a profile, or, with neither, those of the environment that the controllers run in
/// (IRSA, Pod Identity, the role of the machine); with a role, that one is assumed with them.
/// </summary>
public sealed record AwsAccountSpec
{
    [Column("ACCOUNT-ID", 10)]
    [Immutable]
    [Summary("The account's number, 12 digits; whoever the credentials belong to is compared with it.")]
    public string AccountId { get; init; } = "";

    [Column("REGION", 20)]
    [Summary("The region of what names none: eu-central-1.")]
    public string DefaultRegion { get; init; } = "";

    [Column("DEFAULT", 30)]
    [Summary("Used by definitions that name no account; at most one account has it.")]
    public bool DefaultAccount { get; init; }

    [Sensitive]
    [Summary("An access key; with secretAccessKey.")]
    public string? AccessKeyId { get; init; }

    [Sensitive]
    [Summary("Its secret; with accessKeyId.")]
    public string? SecretAccessKey { get; init; }

    [Column("ROLE", 40, Wide = true)]
    [Summary("A role to assume, arn:aws:iam::<account>:role/<name>.")]
    public string? RoleArn { get; init; }

    [Summary("What the role's trust asks for beside who assumes it; made when there is a role and none is said.")]
    public string? ExternalId { get; init; }

    [Summary("A named profile in the AWS configuration of the user that the controllers run as.")]
    public string? Profile { get; init; }
}

/// <summary>What was found.</summary>
public sealed record AwsAccountStatus
{
    [Column("PRINCIPAL", 50, Wide = true)]
    [Summary("Who the control plane is in the account.")]
    public string? Principal { get; set; }

    [Summary("When that was last asked.")]
    public DateTimeOffset? VerifiedAt { get; set; }
}
