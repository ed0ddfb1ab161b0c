using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Stack;

/// <summary>What stands in the way of a step, as the reason of a condition; the first of these matters most.</summary>
internal static class StackTrouble
{
    public const string PermissionMissing = "PermissionMissing";
    public const string QuotaReached = "QuotaReached";
    public const string CapacityMissing = "CapacityMissing";
    public const string NameTaken = "NameTaken";
    public const string Refused = "Refused";
    public const string Failed = "Failed";
    public const string InUse = "InUse";
    public const string Unreachable = "Unreachable";
    public const string RoleNotUsable = "RoleNotUsable";
    public const string Throttled = "Throttled";
    public const string Settling = "Settling";

    private static readonly string[] Order =
    [
        PermissionMissing,
        QuotaReached,
        CapacityMissing,
        NameTaken,
        Refused,
        Failed,
        InUse,
        Unreachable,
        RoleNotUsable,
        Throttled,
        Settling,
    ];

    /// <summary>The lower, the more it matters.</summary>
    public static int Rank(string trouble) => Array.IndexOf(Order, trouble) is >= 0 and var at ? at : Order.Length;

    public static string Of(AwsFailure failure) =>
        failure switch
        {
            { IsThrottled: true } => Throttled,
            { IsDenied: true } => PermissionMissing,
            { IsQuota: true } => QuotaReached,
            { IsRoleUnknown: true } => RoleNotUsable,
            { IsInUse: true } => InUse,
            { IsNotFound: true } => Settling,
            { IsDefinite: false } => Unreachable,
            _ => Refused,
        };

    /// <summary>Whether it passes by itself, soon; else somebody has to do something, and it is not tried often.</summary>
    public static bool Passes(string trouble) =>
        trouble is Throttled or RoleNotUsable or InUse or Settling or Unreachable;

    /// <summary>What a person reads.</summary>
    public static string Describe(AwsFailure failure, string region) =>
        failure.IsQuota
            ? $"A quota of the account in {region} is reached. {failure.Message} Have it raised at Service Quotas, or delete what is not needed."
            : failure.Message;
}
