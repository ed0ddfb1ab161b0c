using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Iam;
using Threeport.AwsServer.State;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Sts;

/// <summary>Temporary credentials for who a role's trust policy names.</summary>
internal static class AssumingRoles
{
    public static XElement?[] Assume(QueryCall call)
    {
        var arn = call.Parameters.Required("RoleArn");
        var name = call.Parameters.Required("RoleSessionName");
        var context = new Dictionary<string, string>
        {
            ["aws:PrincipalArn"] = call.Caller.IamArn,
            ["aws:PrincipalAccount"] = call.Account.Id,
        };
        if (call.Parameters["ExternalId"] is { } external)
        {
            context["sts:ExternalId"] = external;
        }

        var caller = new[]
        {
            call.Caller.Arn,
            call.Caller.IamArn,
            call.Account.Id,
            $"arn:aws:iam::{call.Account.Id}:root",
        };
        if (Find(call, arn) is not var (account, role) || !role.Trust.Allows("sts:AssumeRole", "AWS", caller, context))
        {
            throw new AwsException(
                "AccessDenied",
                $"User: {call.Caller.Arn} is not authorized to perform: sts:AssumeRole on resource: {arn}",
                StatusCodes.Status403Forbidden
            );
        }

        return Answer(Open(call, account, role, name), role);
    }

    public static XElement?[] AssumeWithWebIdentity(QueryCall call)
    {
        var arn = call.Parameters.Required("RoleArn");
        var name = call.Parameters.Required("RoleSessionName");
        var token = WebIdentity.Read(call.Parameters.Required("WebIdentityToken"));
        if (Find(call, arn) is not var (account, role))
        {
            throw Refused();
        }

        var issuer = token.Issuer.Replace("https://", "", StringComparison.Ordinal);
        var provider = account.Iam.OidcProviders.Values.FirstOrDefault(p => p.Url == issuer && p.Visible <= call.Now);
        if (provider is null)
        {
            throw new AwsException(
                "InvalidIdentityToken",
                $"No OpenIDConnect provider found in your account for {token.Issuer}"
            );
        }

        token.Verify(call.Cloud.IssuerKeys.GetValueOrDefault(token.Issuer), call.Now, provider.Clients);
        var context = new Dictionary<string, string>
        {
            [$"{issuer}:sub"] = token.Subject,
            [$"{issuer}:aud"] = token.Audience,
        };
        return role.Trust.Allows("sts:AssumeRoleWithWebIdentity", "Federated", [provider.Arn], context)
            ?
            [
                .. Answer(Open(call, account, role, name), role),
                Xml.Text("SubjectFromWebIdentityToken", token.Subject),
                Xml.Text("Audience", token.Audience),
                Xml.Text("Provider", provider.Arn),
            ]
            : throw Refused();
    }

    private static AwsException Refused() =>
        new("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", StatusCodes.Status403Forbidden);

    private static (Account, Role)? Find(QueryCall call, string arn)
    {
        var account = call.Cloud.Accounts.GetValueOrDefault(arn.Split(':') is { Length: 6 } parts ? parts[4] : "");
        return account?.Iam.Role(arn, call.Now) is { } role ? (account, role) : null;
    }

    private static Session Open(QueryCall call, Account account, Role role, string name)
    {
        var seconds = call.Parameters.Number("DurationSeconds") ?? 3600;
        if (seconds < 900 || seconds > role.MaxSessionSeconds)
        {
            throw new AwsException(
                "ValidationError",
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
            );
        }

        var session = new Session(
            Ids.Iam("ASIA", 16),
            Ids.Secret(40),
            Ids.Secret(356),
            call.Now.AddSeconds(seconds),
            new(account, $"arn:aws:sts::{account.Id}:assumed-role/{role.Name}/{name}", $"{role.Id}:{name}", role.Arn)
        );
        call.Cloud.Add(session);
        return session;
    }

    private static XElement?[] Answer(Session session, Role role) =>
        [
            new(
                "Credentials",
                Xml.Text("AccessKeyId", session.AccessKeyId),
                Xml.Text("SecretAccessKey", session.SecretAccessKey),
                Xml.Text("SessionToken", session.Token),
                Xml.Time("Expiration", session.Expires)
            ),
            new(
                "AssumedRoleUser",
                Xml.Text("AssumedRoleId", $"{role.Id}:{session.Principal.Arn.Split('/')[^1]}"),
                Xml.Text("Arn", session.Principal.Arn)
            ),
            Xml.Number("PackedPolicySize", 0),
        ];
}
