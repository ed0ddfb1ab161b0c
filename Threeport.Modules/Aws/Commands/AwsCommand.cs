using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Commands;

/// <summary><c>threeport aws …</c>: answers are JSON on the output, what is wrong with the question is a line on the error.</summary>
internal static class AwsCommand
{
    private const string Usage = """
        threeport aws: what qleetctl asks AWS with your own credentials

          threeport aws identity  [--region REGION] [--profile PROFILE]                     who you are
          threeport aws preflight [--region REGION] [--profile PROFILE] [--cluster NAME]    what stands in the way of a cluster of that name
          threeport aws token      --cluster NAME [--region REGION] [--profile PROFILE]     an ExecCredential for kubectl
          threeport aws policy    [--region REGION] [--profile PROFILE]                     an IAM policy for who runs qleetctl up --provider eks

        AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL and the other variables of AWS's own tools are heeded.
        """;

    private const int Done = 0;
    private const int Failed = 1;
    private const int Wrong = 2;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var command = CommandArguments.Parse(arguments, Environment.GetEnvironmentVariable);
            var (code, answer) = await AnswerAsync(command, cancellationToken);
            await output.WriteLineAsync(answer.ToJsonString(Indented));
            return code;
        }
        catch (FormatException e)
        {
            await error.WriteLineAsync($"threeport aws: {e.Message}\n\n{Usage}");
            return Wrong;
        }
        catch (AwsSettingException e)
        {
            await error.WriteLineAsync($"threeport aws: {e.Message}");
            return Failed;
        }
        catch (Exception e) when (AwsFailure.Of(e, cancellationToken) is { } failure)
        {
            await error.WriteLineAsync($"threeport aws: {failure.Message}");
            return Failed;
        }
    }

    private static async Task<(int Code, JsonObject Answer)> AnswerAsync(
        CommandArguments command,
        CancellationToken cancellationToken
    )
    {
        using var clients = new AwsClients(new AwsOptions());
        var user = new OwnCredentials(clients, command);
        switch (command.Name)
        {
            case "identity":
                var identity = await user.WhoAsync(cancellationToken);
                return (Done, new() { ["account"] = identity.Account, ["arn"] = identity.Arn });
            case "preflight":
                var found = await new Preflight(user, command).RunAsync(cancellationToken);
                return (found.Problems.Count == 0 ? Done : Failed, found.ToJson());
            case "token":
                return (Done, await TokenAsync(user, command, cancellationToken));
            case "policy":
                var who = await user.WhoAsync(cancellationToken);
                var partition = RegionEndpoint.GetBySystemName(command.Region).PartitionName;
                return (Done, Permissions.Policy(partition, who.Account, isGenesis: true));
            default:
                throw new FormatException(
                    command.Name.Length == 0 ? "Say what." : $"There is no command {command.Name}."
                );
        }
    }

    /// <summary>By the protocol of client-go's plugins. Nobody is asked; a profile may have to ask for what it signs with.</summary>
    private static async Task<JsonObject> TokenAsync(
        OwnCredentials user,
        CommandArguments command,
        CancellationToken cancellationToken
    )
    {
        const string usual = "client.authentication.k8s.io/v1beta1";
        var cluster = command.Cluster ?? throw new FormatException("token needs --cluster NAME.");
        var now = TimeProvider.System.GetUtcNow();
        var credentials = await user.CredentialsAsync(cancellationToken);
        return new()
        {
            ["apiVersion"] = AskedFor() ?? usual,
            ["kind"] = "ExecCredential",
            ["status"] = new JsonObject
            {
                ["token"] = ClusterToken.For(credentials, command.Region, cluster, now),
                // A little early: what is asked with it takes its time, too.
                ["expirationTimestamp"] =
                    $"{now + ClusterToken.Lifetime - TimeSpan.FromMinutes(1):yyyy-MM-ddTHH:mm:ssZ}",
            },
        };
    }

    /// <summary>Who runs a plugin says in which version it wants the answer.</summary>
    private static string? AskedFor()
    {
        try
        {
            return Environment.GetEnvironmentVariable("KUBERNETES_EXEC_INFO") is { Length: > 0 } text
                ? (string?)JsonNode.Parse(text)?["apiVersion"]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
