using Amazon.EC2.Model;
using Amazon.EKS.Model;
using Threeport.Modules.Aws.Calls;
using Threeport.Modules.Aws.Tables;

namespace Threeport.Modules.Aws.Commands;

/// <summary>
/// What would stop a cluster halfway, found before anything is made: who asks, whether the region is there and open to the account, whether
/// the name is free, what is not allowed, and what there may be no more of. It only looks.
/// </summary>
internal sealed class Preflight(OwnCredentials user, CommandArguments command)
{
    private readonly Findings _found = new();

    public async Task<Findings> RunAsync(CancellationToken cancellationToken)
    {
        if (Place() && await WhoAsync(cancellationToken) && await RegionAsync(cancellationToken))
        {
            await new RightsCheck(user.Clients, _found).RunAsync(cancellationToken);
            if (command.Cluster is { } cluster)
            {
                await NameAsync(cluster, cancellationToken);
                await new QuotaCheck(user.Clients, _found).RunAsync(cancellationToken);
            }
        }

        return _found;
    }

    private bool Place()
    {
        _found.Location = Regions.LocationOf(command.Region);
        if (_found.Location is null)
        {
            _found.Add(
                $"to use the region {command.Region}",
                Regions.IsRegion(command.Region) ? "Threeport has no name for that place" : "that is no region of AWS",
                $"Choose one of {string.Join(", ", Regions.Names)} with --aws-region."
            );
        }

        return _found.Location is not null;
    }

    private async Task<bool> WhoAsync(CancellationToken cancellationToken)
    {
        const string tried = "to ask AWS who you are (sts:GetCallerIdentity)";
        try
        {
            var identity = await user.WhoAsync(cancellationToken);
            (_found.Account, _found.Arn) = (identity.Account, identity.Arn);
            return true;
        }
        catch (AwsSettingException e)
        {
            var at = e.Message.IndexOf(". ", StringComparison.Ordinal);
            var (got, next) = at < 0 ? (e.Message, "Log in anew.") : (e.Message[..at], e.Message[(at + 2)..]);
            _found.Add("to find AWS credentials", got, next);
            return false;
        }
        catch (Exception e) when (AwsFailure.Of(e, cancellationToken) is { } failure)
        {
            _found.Add(
                tried,
                failure.Message,
                failure.IsUnreachable
                    ? "Look whether `aws sts get-caller-identity` works from here, and whether the region is the one that you mean."
                    : "Log in anew, or choose another profile with --aws-profile."
            );
            return false;
        }
    }

    /// <summary>A region may be one that the account has not asked for, or has no EKS.</summary>
    private async Task<bool> RegionAsync(CancellationToken cancellationToken)
    {
        var clients = user.Clients;
        return await TryAsync(
                "ec2:DescribeAvailabilityZones",
                () =>
                    clients.Ec2.DescribeAvailabilityZonesAsync(
                        new DescribeAvailabilityZonesRequest(),
                        cancellationToken
                    ),
                cancellationToken
            )
            && await TryAsync(
                "eks:DescribeClusterVersions",
                () => clients.Eks.DescribeClusterVersionsAsync(new DescribeClusterVersionsRequest(), cancellationToken),
                cancellationToken
            );
    }

    private async Task<bool> TryAsync(string action, Func<Task> call, CancellationToken cancellationToken)
    {
        try
        {
            await call();
            return true;
        }
        catch (Exception e) when (AwsFailure.Of(e, cancellationToken) is { } failure)
        {
            // Which actions are not allowed is told by whom that is asked of, all at once.
            if (failure.IsDenied)
            {
                return true;
            }

            _found.Add(
                $"to use the region {command.Region} ({action})",
                failure.Message,
                "Enable the region for the account, or choose another with --aws-region."
            );
            return false;
        }
    }

    private async Task NameAsync(string cluster, CancellationToken cancellationToken)
    {
        try
        {
            var request = new DescribeClusterRequest { Name = cluster };
            if (
                await AwsCalls.OrNothingAsync(() => user.Clients.Eks.DescribeClusterAsync(request, cancellationToken))
                is not null
            )
            {
                _found.Add(
                    $"to make the cluster {cluster} in {command.Region}",
                    "there is one of that name, and it was not made for this control plane",
                    "Choose another --name; or install into that cluster with --provider kubernetes."
                );
            }
        }
        catch (Exception e) when (AwsFailure.Of(e, cancellationToken) is { IsDenied: true })
        {
            // Named with the other actions.
        }
    }
}
