using Amazon.IdentityManagement.Model;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Commands;

/// <summary>Has IAM say what it would say to each of the calls, without making one.</summary>
internal sealed class RightsCheck(RegionClients clients, Findings found)
{
    private const int AtOnce = 50;
    private const string Simulate = "iam:SimulatePrincipalPolicy";

    private readonly List<string> _denied = [];
    private readonly List<string> _unclear = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await SourceAsync(cancellationToken) is not { } source)
            {
                return;
            }

            var roles = $"arn:{clients.Partition}:iam::{found.Account}:role{Permissions.RolePath}any";
            await AskAsync(
                source,
                [.. Permissions.Everywhere, Permissions.ServiceRole],
                resource: null,
                cancellationToken
            );
            await AskAsync(source, [.. OnRoles()], roles, cancellationToken);
            Report();
        }
        catch (Exception e) when (AwsFailure.Of(e, cancellationToken) is { } failure)
        {
            found.Notes.Add(
                $"What you may do was not looked at ({(failure.IsDenied ? $"{Simulate} is not allowed" : failure.Message)}): a permission that is missing shows when it is needed."
            );
        }
    }

    private static IEnumerable<string> OnRoles() =>
        Permissions.OfRoles.Concat(Permissions.OfAttaching).Concat(Permissions.OfGenesis).Concat(Permissions.OfPassing);

    /// <summary>A session's permissions are its role's, which is known by its full name alone.</summary>
    /// <returns>Null for whom nobody can be asked about.</returns>
    private async Task<string?> SourceAsync(CancellationToken cancellationToken)
    {
        var arn = found.Arn!;
        if (arn.EndsWith(":root", StringComparison.Ordinal))
        {
            found.Notes.Add("You are the account's root user, who may do anything: a user or role with less is safer.");
            return null;
        }

        return await AwsIdentity.WholeAsync(clients.Iam, arn, cancellationToken);
    }

    private async Task AskAsync(
        string source,
        IReadOnlyList<string> actions,
        string? resource,
        CancellationToken cancellationToken
    )
    {
        foreach (var some in actions.Chunk(AtOnce))
        {
            var request = new SimulatePrincipalPolicyRequest
            {
                PolicySourceArn = source,
                ActionNames = [.. some],
                ResourceArns = resource is null ? null : [resource],
            };
            do
            {
                var answer = await clients.Iam.SimulatePrincipalPolicyAsync(request, cancellationToken);
                foreach (var result in answer.EvaluationResults ?? [])
                {
                    Judge(result);
                }

                request.Marker = answer.IsTruncated is true ? answer.Marker : null;
            } while (request.Marker is not null);
        }
    }

    /// <summary>What hangs on a tag or on a service that only the call itself names cannot be told before.</summary>
    private void Judge(EvaluationResult result)
    {
        switch (result.EvalDecision?.Value)
        {
            case "allowed":
                break;
            case "implicitDeny" when result.MissingContextValues is { Count: > 0 }:
                _unclear.Add(result.EvalActionName!);
                break;
            default:
                _denied.Add(result.EvalActionName!);
                break;
        }
    }

    private void Report()
    {
        if (_unclear.Count > 0)
        {
            found.Notes.Add(
                $"Whether {string.Join(", ", _unclear)} is allowed hangs on conditions that only the call tells."
            );
        }

        if (_denied.Count > 0)
        {
            found.Add(
                $"what {found.Arn} may do",
                $"not allowed: {string.Join(", ", _denied)}",
                "Have these added to a policy of that identity; `threeport aws policy` prints one that is enough."
            );
        }
    }
}
