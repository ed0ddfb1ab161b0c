using System.Text.Json.Nodes;

namespace Threeport.Modules.Aws.Stack.Steps;

/// <summary>Who may be a role, as IAM reads it.</summary>
internal static class Trust
{
    private const string Audience = "sts.amazonaws.com";

    /// <summary>A service of AWS.</summary>
    public static string Service(string service) =>
        Document(
            new JsonObject { ["Service"] = service },
            new JsonArray("sts:AssumeRole", "sts:TagSession"),
            condition: null
        );

    /// <summary>One service account of the cluster, by the tokens that the cluster gives it.</summary>
    public static string ServiceAccount(StackContext context, string ns, string account)
    {
        var issuer = IssuerOf(context);
        return Document(
            new JsonObject { ["Federated"] = context.Arn(StackKey.IdentityProvider) },
            new JsonArray("sts:AssumeRoleWithWebIdentity"),
            new JsonObject
            {
                ["StringEquals"] = new JsonObject
                {
                    [$"{issuer}:sub"] = $"system:serviceaccount:{ns}:{account}",
                    [$"{issuer}:aud"] = Audience,
                },
            }
        );
    }

    /// <summary>The issuer as IAM names it: its address without the scheme.</summary>
    public static string IssuerOf(StackContext context) => IssuerOf(new Uri(context.Status.OidcIssuer!));

    /// <inheritdoc cref="IssuerOf(StackContext)" />
    public static string IssuerOf(Uri issuer) => $"{issuer.Authority}{issuer.AbsolutePath}".TrimEnd('/');

    private static string Document(JsonObject principal, JsonArray actions, JsonObject? condition)
    {
        var statement = new JsonObject
        {
            ["Effect"] = "Allow",
            ["Principal"] = principal,
            ["Action"] = actions,
        };
        if (condition is not null)
        {
            statement["Condition"] = condition;
        }

        return new JsonObject { ["Version"] = "2012-10-17", ["Statement"] = new JsonArray(statement) }.ToJsonString();
    }
}
