using System.Text.Json.Nodes;

namespace Threeport.Installation;

/// <summary>
/// What is otherwise in a cluster of EKS. Its controllers are a role at AWS by a token that the cluster gives them, and gives nobody else; they
/// say so themselves, so that it does not hang on what EKS may add to pods.
/// </summary>
internal static class AtAws
{
    /// <summary>The service account that the role is for.</summary>
    private const string Account = "controllers";

    private const string Audience = "sts.amazonaws.com";
    private const string Folder = "/var/run/secrets/threeport-aws";
    private const string Token = "aws-token";

    /// <summary>AWS's balancer of connections: it ends no TLS, so certificates of clients arrive.</summary>
    public static void Balance(InstallationPlan plan, JsonObject service)
    {
        if (plan is not { Aws: not null, Expose: InstallationPlan.LoadBalancer })
        {
            return;
        }

        const string prefix = "service.beta.kubernetes.io/aws-load-balancer";
        service["metadata"]!["annotations"] = new JsonObject
        {
            [$"{prefix}-type"] = "nlb",
            [$"{prefix}-scheme"] = "internet-facing",
            [$"{prefix}-cross-zone-load-balancing-enabled"] = "true",
        };
    }

    public static IEnumerable<JsonObject> Rights(InstallationPlan plan, IReadOnlyDictionary<string, string> values) =>
        plan.Aws is null ? [] : Templates.Read("aws-rights", values);

    /// <summary>The same Deployment; that of the controllers with their identity and with what holds where they are.</summary>
    public static JsonObject Equip(InstallationPlan plan, JsonObject deployment)
    {
        if (plan.Aws is not { } aws || deployment["metadata"]!["name"]!.GetValue<string>() != Account)
        {
            return deployment;
        }

        var pod = deployment["spec"]!["template"]!["spec"]!.AsObject();
        var container = pod["containers"]![0]!;
        var environment = container["env"]!.AsArray();
        foreach (var (name, value) in Variables(plan, aws))
        {
            environment.Add((JsonNode)new JsonObject { ["name"] = name, ["value"] = value });
        }

        if (aws.RoleArn is not null)
        {
            pod["serviceAccountName"] = Account;
            container["volumeMounts"]!
                .AsArray()
                .Add(
                    (JsonNode)
                        new JsonObject
                        {
                            ["name"] = Token,
                            ["mountPath"] = Folder,
                            ["readOnly"] = true,
                        }
                );
            pod["volumes"]!.AsArray().Add((JsonNode)Projected());
        }

        return deployment;
    }

    private static IEnumerable<KeyValuePair<string, string>> Variables(InstallationPlan plan, AwsSurroundings aws)
    {
        // In the tags of what it makes at AWS: several control planes may be in one account.
        yield return new("THREEPORT_AWS__CONTROL_PLANE", plan.Name);
        yield return new("AWS_REGION", aws.Region);
        yield return new("AWS_STS_REGIONAL_ENDPOINTS", "regional");
        if (aws.RoleArn is { } role)
        {
            yield return new("AWS_ROLE_ARN", role);
            yield return new("AWS_ROLE_SESSION_NAME", $"threeport-{plan.Name}");
            yield return new("AWS_WEB_IDENTITY_TOKEN_FILE", $"{Folder}/token");
        }

        foreach (var variable in aws.Environment.OrderBy(static v => v.Key, StringComparer.Ordinal))
        {
            yield return variable;
        }
    }

    private static JsonObject Projected() =>
        new()
        {
            ["name"] = Token,
            ["projected"] = new JsonObject
            {
                ["defaultMode"] = 288,
                ["sources"] = new JsonArray(
                    (JsonNode)
                        new JsonObject
                        {
                            ["serviceAccountToken"] = new JsonObject
                            {
                                ["audience"] = Audience,
                                ["expirationSeconds"] = 3600,
                                ["path"] = "token",
                            },
                        }
                ),
            },
        };
}
