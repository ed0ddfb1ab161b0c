using Amazon.EKS;
using Amazon.EKS.Model;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Stack.Steps;

/// <summary>A part of the cluster that EKS runs in it, in the version that it holds right for the cluster's.</summary>
internal sealed class AddonStep(string name) : StackStep
{
    public override string Type => "addon";

    public override bool IsRepeatable => true;

    public override bool TakesTime => true;

    public override IReadOnlyDictionary<string, string> Settings(StackContext context) =>
        new Dictionary<string, string> { [ClusterStep.Version] = context.Status.KubernetesVersion ?? "" };

    public override async Task<Made> CreateAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new CreateAddonRequest
        {
            ClusterName = context.Cluster,
            AddonName = name,
            ResolveConflicts = ResolveConflicts.OVERWRITE,
            ServiceAccountRoleArn = name == StackKey.StorageAddon ? context.Arn(StackKey.StorageRole) : null,
            ClientRequestToken = context.Token(resource),
            Tags = context.Tags(resource.Step),
        };
        try
        {
            return new(name, (await context.Clients.Eks.CreateAddonAsync(request, cancellationToken)).Addon!.AddonArn);
        }
        catch (ResourceInUseException)
        {
            return await FindAsync(context, resource, cancellationToken) ?? throw new NotSeenYetException();
        }
    }

    /// <summary>It is of our cluster, so it is ours.</summary>
    public override async Task<Made?> FindAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    ) => await DescribeAsync(context, cancellationToken) is { } addon ? new(name, addon.AddonArn) : null;

    public override async Task<Look> LookAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        if (await DescribeAsync(context, cancellationToken) is not { } addon)
        {
            return Look.Missing;
        }

        if (addon.Status == AddonStatus.CREATE_FAILED)
        {
            return Look.Failed(Issues(addon) ?? "EKS says that it failed, and not why");
        }

        if (addon.Status != AddonStatus.ACTIVE && addon.Status != AddonStatus.UPDATE_FAILED)
        {
            return Look.Busy(Issues(addon) ?? addon.Status?.Value.ToLowerInvariant() ?? "unknown");
        }

        await EksTags.KeepAsync(context, resource, addon.Tags, cancellationToken);
        return await UpdateAsync(context, resource, addon, cancellationToken);
    }

    /// <summary>It goes with the cluster, and nobody needs it to go before.</summary>
    public override async Task<bool> DeleteAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        if (resource.State is StackState.Failed)
        {
            var request = new DeleteAddonRequest { ClusterName = context.Cluster, AddonName = name };
            await context.Clients.Eks.DeleteAddonAsync(request, cancellationToken);
            return false;
        }

        return context.Eks.DeletionRequestedAt is not null || await DescribeAsync(context, cancellationToken) is null;
    }

    private async Task<Look> UpdateAsync(
        StackContext context,
        StackResource resource,
        Addon addon,
        CancellationToken cancellationToken
    )
    {
        if (!resource.IsChanging)
        {
            return Look.Ready;
        }

        var request = new DescribeAddonVersionsRequest
        {
            AddonName = name,
            KubernetesVersion = context.Status.KubernetesVersion,
        };
        var known = await context.Clients.Eks.DescribeAddonVersionsAsync(request, cancellationToken);
        var right = (known.Addons ?? [])
            .SelectMany(static a => a.AddonVersions ?? [])
            .FirstOrDefault(static v => (v.Compatibilities ?? []).Any(static c => c.DefaultVersion is true));
        resource.IsChanging = false;
        if (right?.AddonVersion is not { } version || version == addon.AddonVersion)
        {
            return Look.Ready;
        }

        await context.Clients.Eks.UpdateAddonAsync(
            new UpdateAddonRequest
            {
                ClusterName = context.Cluster,
                AddonName = name,
                AddonVersion = version,
                ServiceAccountRoleArn = addon.ServiceAccountRoleArn,
                ResolveConflicts = ResolveConflicts.OVERWRITE,
            },
            cancellationToken
        );
        return Look.Busy($"updating to {version}");
    }

    private async Task<Addon?> DescribeAsync(StackContext context, CancellationToken cancellationToken)
    {
        var request = new DescribeAddonRequest { ClusterName = context.Cluster, AddonName = name };
        var found = await AwsCalls.OrNothingAsync(() =>
            context.Clients.Eks.DescribeAddonAsync(request, cancellationToken)
        );
        return found?.Addon;
    }

    private static string? Issues(Addon addon) =>
        addon.Health?.Issues is { Count: > 0 } issues
            ? string.Join("; ", issues.Select(static i => $"{i.Code}: {i.Message}"))
            : null;
}
