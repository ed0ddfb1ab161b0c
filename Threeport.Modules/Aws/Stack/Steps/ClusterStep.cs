using Amazon.EKS;
using Amazon.EKS.Model;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Stack.Steps;

/// <summary>The cluster's control plane. Known by its name, and by a token.</summary>
internal sealed class ClusterStep : StackStep
{
    public const string Version = "version";
    private const string EndpointAccess = "endpointAccess";
    private const string PublicAccessCidrs = "publicAccessCidrs";
    private const string Everybody = "0.0.0.0/0";

    public override string Type => "cluster";

    public override bool IsRepeatable => true;

    public override bool TakesTime => true;

    public override IReadOnlyDictionary<string, string> Settings(StackContext context)
    {
        var definition = context.Definition;
        var nodes = context.Status.Inventory.FirstOrDefault(static r => StackKey.TypeOf(r.Step) == StackKey.NodeGroup);
        var next = Versions.Next(
            context.Find(StackKey.Cluster) is null ? null : context.Status.KubernetesVersion,
            nodes?.Settings.GetValueOrDefault(Version),
            definition.KubernetesVersion ?? context.Status.KubernetesVersion
        );
        return new Dictionary<string, string>
        {
            [Version] = next ?? "",
            [EndpointAccess] = definition.EndpointAccess,
            [PublicAccessCidrs] = string.Join(
                ',',
                definition.PublicAccessCidrs.DefaultIfEmpty(Everybody).Order(StringComparer.Ordinal)
            ),
        };
    }

    public override async Task<Made> CreateAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new CreateClusterRequest
        {
            Name = context.Cluster,
            Version = resource.Settings[Version],
            RoleArn = context.Arn(StackKey.ClusterRole),
            ResourcesVpcConfig = Network(resource, context.Ids(StackKey.PrivateSubnet)),
            AccessConfig = new()
            {
                AuthenticationMode = AuthenticationMode.API,
                BootstrapClusterCreatorAdminPermissions = true,
            },
            // What runs in it is managed by EKS, as add-ons.
            BootstrapSelfManagedAddons = false,
            ClientRequestToken = context.Token(resource),
            Tags = context.Tags(resource.Step),
        };
        try
        {
            var made = (await context.Clients.Eks.CreateClusterAsync(request, cancellationToken)).Cluster!;
            return new(made.Name!, made.Arn);
        }
        catch (ResourceInUseException)
        {
            return await FindAsync(context, resource, cancellationToken) ?? throw new NotSeenYetException();
        }
    }

    public override async Task<Made?> FindAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        if (await DescribeAsync(context, cancellationToken) is not { } cluster)
        {
            return null;
        }

        return cluster.Tags?.GetValueOrDefault(StackTags.Owner) == context.Eks.Id.ToString("D")
            ? new(cluster.Name!, cluster.Arn)
            : throw new NotOursException(
                $"There is a cluster {context.Cluster} in {context.Clients.Region} that is not ours."
            );
    }

    public override async Task<Look> LookAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        if (await DescribeAsync(context, cancellationToken) is not { } cluster)
        {
            return Look.Missing;
        }

        if (cluster.Status == ClusterStatus.FAILED)
        {
            return Look.Failed(Issues(cluster) ?? "EKS says that it failed, and not why");
        }

        if (cluster.Status != ClusterStatus.ACTIVE)
        {
            return Look.Busy(cluster.Status?.Value.ToLowerInvariant() ?? "unknown");
        }

        var status = context.Status;
        status.KubernetesVersion = cluster.Version;
        status.ApiEndpoint = cluster.Endpoint;
        status.OidcIssuer = cluster.Identity?.Oidc?.Issuer;
        status.CaCertificate = Pem(cluster.CertificateAuthority?.Data);
        await EksTags.KeepAsync(context, resource, cluster.Tags, cancellationToken);
        return await UpdateAsync(context, resource, cluster, cancellationToken);
    }

    public override async Task<bool> DeleteAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var eks = context.Clients.Eks;
        if (resource.State is StackState.Deleting)
        {
            if (await DescribeAsync(context, cancellationToken) is not { } cluster)
            {
                return true;
            }

            if (cluster.Status == ClusterStatus.DELETING)
            {
                return false;
            }
        }

        await eks.DeleteClusterAsync(new DeleteClusterRequest { Name = resource.Id }, cancellationToken);
        return false;
    }

    private static async Task<Look> UpdateAsync(
        StackContext context,
        StackResource resource,
        Cluster cluster,
        CancellationToken cancellationToken
    )
    {
        var eks = context.Clients.Eks;
        var version = resource.Settings.GetValueOrDefault(Version, "");
        if (version.Length > 0 && version != cluster.Version)
        {
            await eks.UpdateClusterVersionAsync(
                new UpdateClusterVersionRequest { Name = context.Cluster, Version = version },
                cancellationToken
            );
            return Look.Busy($"updating to {version}");
        }

        if (!IsReached(resource, cluster.ResourcesVpcConfig))
        {
            await eks.UpdateClusterConfigAsync(
                new UpdateClusterConfigRequest
                {
                    Name = context.Cluster,
                    ResourcesVpcConfig = Network(resource, subnets: null),
                },
                cancellationToken
            );
            return Look.Busy("updating who reaches it");
        }

        return Look.Ready;
    }

    private static bool IsReached(StackResource resource, VpcConfigResponse? network)
    {
        var wanted = Network(resource, subnets: null);
        return network is null
            || (
                network.EndpointPublicAccess == wanted.EndpointPublicAccess
                && network.EndpointPrivateAccess == wanted.EndpointPrivateAccess
                && (
                    wanted.PublicAccessCidrs is null
                    || wanted.PublicAccessCidrs.ToHashSet().SetEquals(network.PublicAccessCidrs ?? [Everybody])
                )
            );
    }

    private static VpcConfigRequest Network(StackResource resource, List<string>? subnets)
    {
        var access = resource.Settings.GetValueOrDefault(EndpointAccess, "both");
        var isPublic = access is "public" or "both";
        return new()
        {
            SubnetIds = subnets,
            EndpointPublicAccess = isPublic,
            EndpointPrivateAccess = access is "private" or "both",
            PublicAccessCidrs = isPublic
                ? [.. resource.Settings.GetValueOrDefault(PublicAccessCidrs, Everybody).Split(',')]
                : null,
        };
    }

    private static async Task<Cluster?> DescribeAsync(StackContext context, CancellationToken cancellationToken)
    {
        var request = new DescribeClusterRequest { Name = context.Cluster };
        var found = await AwsCalls.OrNothingAsync(() =>
            context.Clients.Eks.DescribeClusterAsync(request, cancellationToken)
        );
        return found?.Cluster;
    }

    private static string? Issues(Cluster cluster) =>
        cluster.Health?.Issues is { Count: > 0 } issues
            ? string.Join("; ", issues.Select(static i => $"{i.Code}: {i.Message}"))
            : null;

    /// <summary>EKS gives the PEM as Base64, as kubeconfigs have it.</summary>
    private static string? Pem(string? data) =>
        data is null ? null : System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data));
}
