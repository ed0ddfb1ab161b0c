using Threeport.AwsServer.State;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Calls;

/// <summary>Finds out who signed a request, and that nobody else did.</summary>
internal static class Authentication
{
    /// <summary>A presigned request of STS holds for so long, whatever it says.</summary>
    public static readonly TimeSpan Presigned = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <exception cref="AwsException">Nobody that is known, or somebody who holds another secret.</exception>
    public static Principal Identify(Cloud cloud, ServiceErrors errors, SignedRequest request, ReadOnlySpan<byte> body)
    {
        var (principal, secret) =
            Find(cloud, errors, request)
            ?? throw Error(
                errors.UnknownKey,
                errors.KeyMessage ?? "The security token included in the request is invalid."
            );
        MustBeTimely(cloud, errors, request);
        return Signature.IsMadeWith(secret, request, body)
            ? principal
            : throw Error(
                errors.WrongSignature,
                errors.KeyMessage
                    ?? "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
            );
    }

    private static (Principal, string)? Find(Cloud cloud, ServiceErrors errors, SignedRequest request)
    {
        var id = request.Scope.AccessKeyId;
        if (cloud.Sessions.GetValueOrDefault(id) is { } session)
        {
            return session.Token != request.SessionToken ? null
                : session.Expires > cloud.Now ? (session.Principal, session.SecretAccessKey)
                : throw Error(errors.Expired, "The security token included in the request is expired");
        }

        foreach (var account in cloud.Accounts.Values)
        {
            if (account.AccessKeys.GetValueOrDefault(id) is { } key && request.SessionToken is null)
            {
                var user = account.Iam.Users[key.User];
                return (new(account, user.Arn, user.Id, user.Arn), key.Secret);
            }
        }

        return null;
    }

    private static void MustBeTimely(Cloud cloud, ServiceErrors errors, SignedRequest request)
    {
        var ends = request.Time + (request.Expires is null ? Skew : Presigned);
        var isOfItsDay = request.Time.UtcDateTime.ToString("yyyyMMdd", null) == request.Scope.Date;
        if (cloud.Now > ends || cloud.Now < request.Time - Skew || !isOfItsDay)
        {
            throw Error(
                errors.WrongSignature,
                errors.KeyMessage
                    ?? $"Signature expired: {request.Time:yyyyMMdd'T'HHmmss'Z'} is not within {Skew.TotalMinutes} min of {cloud.Now:yyyyMMdd'T'HHmmss'Z'}"
            );
        }
    }

    private static AwsException Error((string Code, int Status) error, string message) =>
        new(error.Code, message, error.Status);
}
