using Threeport.AwsServer.Ec2;
using Threeport.AwsServer.Iam;
using Threeport.AwsServer.State;

namespace Threeport.AwsServer.Control;

/// <summary>
/// All that exists and that somebody made: not what a VPC comes with, nor the users that the accounts were given, nor what is deleted and
/// only still described.
/// </summary>
internal static class Inventory
{
    public static IReadOnlyList<AwsResource> Of(Cloud cloud) =>
        [
            .. cloud.Regions.SelectMany(Ec2),
            .. cloud.Regions.SelectMany(region => Eks(region, cloud.Now)),
            .. cloud.Accounts.Values.SelectMany(Iam),
        ];

    private static IEnumerable<AwsResource> Ec2(RegionState region) =>
        region
            .Ec2Resources.Where(static resource =>
                resource
                    is not (
                        RouteTable { IsMain: true }
                        or SecurityGroup { IsDefault: true }
                        or NatGateway { State: "deleted" }
                    )
            )
            .Select(resource => new AwsResource(
                $"ec2:{resource.Type}",
                resource.Id,
                resource.Tags.GetValueOrDefault("Name") ?? (resource as SecurityGroup)?.Name,
                resource switch
                {
                    NatGateway gateway => gateway.State,
                    NetworkInterface network => network.State,
                    Volume volume => volume.State,
                    _ => null,
                },
                region.Account,
                region.Name,
                Copy(resource.Tags)
            ));

    private static IEnumerable<AwsResource> Eks(RegionState region, DateTimeOffset now)
    {
        AwsResource New(string type, Eks.EksResource resource, string name, string? state) =>
            new($"eks:{type}", resource.Arn, name, state, region.Account, region.Name, Copy(resource.Tags));
        foreach (var cluster in region.Clusters.Values)
        {
            yield return New("cluster", cluster, cluster.Name, cluster.Status);
            var within = cluster
                .Nodegroups.Values.Select(group => New("nodegroup", group, group.Name, group.Status))
                .Concat(cluster.Addons.Values.Select(addon => New("addon", addon, addon.Name, addon.Status(now))))
                .Concat(cluster.AccessEntries.Values.Select(entry => New("access-entry", entry, entry.Principal, null)))
                .Concat(
                    cluster.PodIdentities.Values.Select(identity =>
                        New(
                            "pod-identity-association",
                            identity,
                            $"{identity.Namespace}/{identity.ServiceAccount}",
                            null
                        )
                    )
                );
            foreach (var resource in within)
            {
                yield return resource;
            }
        }
    }

    private static IEnumerable<AwsResource> Iam(Account account)
    {
        AwsResource New(string type, IamEntity entity, string name) =>
            new($"iam:{type}", entity.Arn, name, State: null, account.Id, "global", Copy(entity.Tags));
        var iam = account.Iam;
        var given = account.AccessKeys.Values.Select(static key => key.User).ToHashSet();
        return iam
            .Roles.Values.Select(role => New("role", role, role.Name))
            .Concat(iam.Policies.Values.Select(policy => New("policy", policy, policy.Name)))
            .Concat(iam.OidcProviders.Values.Select(provider => New("oidc-provider", provider, provider.Url)))
            .Concat(iam.InstanceProfiles.Values.Select(profile => New("instance-profile", profile, profile.Name)))
            .Concat(
                iam.Users.Values.Where(user => !given.Contains(user.Name)).Select(user => New("user", user, user.Name))
            );
    }

    private static Dictionary<string, string> Copy(IDictionary<string, string> tags) => new(tags);
}
