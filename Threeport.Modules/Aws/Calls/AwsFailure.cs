using System.Net;
using System.Text.RegularExpressions;
using Amazon.Runtime;

namespace Threeport.Modules.Aws.Calls;

/// <summary>
/// A call that failed, told so that everybody may read it: the code, the first sentence, and nothing of the request, which the SDK's own
/// exceptions quote with what signs it.
/// </summary>
/// <param name="Code">The service's word for it; empty when no service answered.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="IsDefinite">The service said no: what was asked for was not done. Else nobody knows.</param>
internal sealed partial record AwsFailure(string Code, string Message, bool IsDefinite)
{
    private const int Longest = 300;

    private static readonly HashSet<string> Throttles = new(StringComparer.Ordinal)
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "BandwidthLimitExceeded",
        "SlowDown",
        "PriorRequestNotComplete",
        "EC2ThrottledException",
    };

    private static readonly HashSet<string> Uses = new(StringComparer.Ordinal)
    {
        "DependencyViolation",
        "ResourceInUse",
        "ResourceInUseException",
        "InvalidIPAddress.InUse",
        "VolumeInUse",
        "InvalidParameterValue.InUse",
        "DeleteConflict",
        "DeleteConflictException",
        "IncorrectState",
        "InvalidState",
        "InvalidStateException",
        "ConcurrentModification",
        "ConcurrentModificationException",
        "OperationAborted",
    };

    private static readonly HashSet<string> Denials = new(StringComparer.Ordinal)
    {
        "AccessDenied",
        "AccessDeniedException",
        "UnauthorizedOperation",
    };

    /// <summary>The account, or our share of it, was asked too much.</summary>
    public bool IsThrottled => Throttles.Contains(Code);

    /// <summary>There is no such thing.</summary>
    public bool IsNotFound =>
        Code.Contains("NotFound", StringComparison.Ordinal)
        || Code.StartsWith("NoSuchEntity", StringComparison.Ordinal);

    /// <summary>Something else still needs it, or it is being changed.</summary>
    public bool IsInUse => Uses.Contains(Code);

    /// <summary>A permission is missing.</summary>
    public bool IsDenied => Denials.Contains(Code);

    /// <summary>The account has as many as it may.</summary>
    public bool IsQuota =>
        !IsThrottled
        && (
            Code.Contains("LimitExceeded", StringComparison.Ordinal)
            || Code.Contains("QuotaExceeded", StringComparison.Ordinal)
        );

    /// <summary>Nobody answered.</summary>
    public bool IsUnreachable => Code.Length == 0;

    /// <summary>EKS has not heard of a role that IAM just made.</summary>
    public bool IsRoleUnknown =>
        Code is "InvalidParameterException" or "InvalidRequestException" && RoleUnknown().IsMatch(Message);

    /// <returns>Null when it is no failure of a call: a defect, or the pass was told to stop.</returns>
    public static AwsFailure? Of(Exception exception, CancellationToken cancellationToken) =>
        exception switch
        {
            _ when cancellationToken.IsCancellationRequested => null,
            AwsSettingException setting => new("", setting.Message, IsDefinite: true),
            AmazonServiceException { InnerException: { } inner, ErrorCode: null or "" } => Of(inner, cancellationToken)
                ?? Unreached(inner),
            AmazonServiceException { ErrorCode: null or "" } service => new(
                $"Http{(int)service.StatusCode}",
                $"AWS answered {(int)service.StatusCode}.",
                IsDefinite: false
            ),
            AmazonServiceException service => new(
                service.ErrorCode,
                Told(service),
                IsRefusal(service.StatusCode) || Throttles.Contains(service.ErrorCode)
            ),
            AmazonClientException or HttpRequestException or OperationCanceledException or IOException => Unreached(
                exception
            ),
            _ => null,
        };

    /// <summary>What is wrong on the way there is said by who was on it: a name that is not known, a connection that is refused.</summary>
    private static AwsFailure Unreached(Exception exception)
    {
        var cause = exception.InnerException as HttpRequestException ?? exception as HttpRequestException;
        return new(
            "",
            cause is null
                ? $"AWS cannot be reached, or does not answer ({exception.GetType().Name})."
                : $"AWS cannot be reached: {First(cause.Message)}",
            IsDefinite: false
        );
    }

    private static bool IsRefusal(HttpStatusCode status) =>
        (int)status is >= 400 and < 500 && status is not HttpStatusCode.RequestTimeout;

    private static string Told(AmazonServiceException exception)
    {
        if (exception.ErrorCode == "SignatureDoesNotMatch")
        {
            // It quotes what was signed, session token included.
            return "SignatureDoesNotMatch: the secret access key is not the one of the access key.";
        }

        var denied = Denied().Match(exception.Message);
        if (Denials.Contains(exception.ErrorCode) && denied.Success)
        {
            var (who, action, on) = (denied.Groups["who"], denied.Groups["action"], denied.Groups["on"]);
            return $"{(who.Success ? who.Value : "The control plane")} lacks the permission {action.Value}"
                + $"{(on.Success ? $" on {on.Value}" : "")}: add it to a policy of that identity.";
        }

        return $"{exception.ErrorCode}: {First(exception.Message)}";
    }

    private static string First(string message)
    {
        var line = message.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        var first = (end < 0 ? line : line[..end]).ToString();
        var cut = first.IndexOf("Encoded authorization", StringComparison.Ordinal);
        first = (cut < 0 ? first : first[..cut]).Trim();
        return first.Length <= Longest ? first : $"{first[..Longest]}…";
    }

    [GeneratedRegex(
        @"((User: )?(?<who>arn:\S+) is )?not authorized to perform:? (?<action>[a-z0-9-]+:[A-Za-z0-9]+)( on resource: (?<on>[^\s,]+))?"
    )]
    private static partial Regex Denied();

    [GeneratedRegex(
        "[Rr]ole .*(could not be assumed|does not exist|cannot be assumed|not authorized to assume|is not valid)"
    )]
    private static partial Regex RoleUnknown();
}
