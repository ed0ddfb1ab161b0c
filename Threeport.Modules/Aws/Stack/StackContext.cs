using System.Security.Cryptography;
using System.Text;
using Amazon.EC2;
using Amazon.EC2.Model;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeDefinitions;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Stack;

/// <summary>What a step works with, for one pass: whose it is, what is wanted and known, and whom to ask.</summary>
internal sealed class StackContext(
    AwsEksKubernetesRuntimeInstance eks,
    AwsEksKubernetesRuntimeDefinitionSpec definition,
    RegionClients clients,
    AwsOptions options,
    DateTimeOffset now
)
{
    private Task<Dictionary<string, NatGateway>>? _natGateways;

    public AwsEksKubernetesRuntimeInstance Eks => eks;

    public AwsEksKubernetesRuntimeInstanceStatus Status => eks.Status;

    public AwsEksKubernetesRuntimeDefinitionSpec Definition => definition;

    public RegionClients Clients => clients;

    public AwsOptions Options => options;

    /// <summary>When the pass began.</summary>
    public DateTimeOffset Now => now;

    /// <summary>The cluster's name: that of the resource.</summary>
    public string Cluster => eks.Name;

    /// <exception cref="InvalidOperationException">It is not there, so the step is too early.</exception>
    public string Id(string step) =>
        Find(step)?.Id ?? throw new InvalidOperationException($"{step} has no identifier yet.");

    /// <inheritdoc cref="Id" />
    public string Arn(string step) => Find(step)?.Arn ?? throw new InvalidOperationException($"{step} has no ARN yet.");

    public StackResource? Find(string step) => Status.Inventory.FirstOrDefault(r => r.Step == step);

    /// <summary>Those of a type that are wanted: what is on its way out is left aside.</summary>
    public List<string> Ids(string type) =>
        [.. Status.Zones.Select(z => Find($"{type}/{z.Name}")?.Id).OfType<string>()];

    public Dictionary<string, string> Tags(string step) =>
        StackTags.For(eks, options.ControlPlane, step, definition.Tags);

    public List<TagSpecification> Tagged(ResourceType type, string step) =>
        [new() { ResourceType = type, Tags = [.. Tags(step).Select(static t => new Tag(t.Key, t.Value))] }];

    /// <summary>How a step's things are found that nobody knows the identifier of.</summary>
    public List<Filter> TaggedAs(string step) =>
        [new($"tag:{StackTags.Owner}", [eks.Id.ToString("D")]), new($"tag:{StackTags.Step}", [step])];

    /// <summary>By this AWS knows a call that it has seen: the same for all repetitions of one attempt.</summary>
    public string Token(StackResource resource) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{eks.Id:D}:{resource.Step}:{resource.Attempt}")).AsSpan(0, 16)
        );

    /// <summary>A name that is one's own among all clusters of the account, of at most 64 characters.</summary>
    public string RoleName(string part)
    {
        const int longest = 64;
        var id = eks.Id.ToString("N")[^12..];
        var room = longest - part.Length - id.Length - 2;
        return $"{(eks.Name.Length <= room ? eks.Name : eks.Name[..room])}-{part}-{id}";
    }

    /// <summary>All of them, asked for once a pass whoever asks first.</summary>
    public Task<Dictionary<string, NatGateway>> NatGatewaysAsync(CancellationToken cancellationToken) =>
        _natGateways ??= ReadNatGatewaysAsync(cancellationToken);

    private async Task<Dictionary<string, NatGateway>> ReadNatGatewaysAsync(CancellationToken cancellationToken)
    {
        var request = new DescribeNatGatewaysRequest
        {
            Filter = [new($"tag:{StackTags.Owner}", [eks.Id.ToString("D")])],
        };
        var answer = await clients.Ec2.DescribeNatGatewaysAsync(request, cancellationToken);
        return (answer.NatGateways ?? []).ToDictionary(static g => g.NatGatewayId, StringComparer.Ordinal);
    }
}
