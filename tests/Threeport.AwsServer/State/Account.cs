using Threeport.AwsServer.Iam;

namespace Threeport.AwsServer.State;

/// <summary>An account: its IAM, which is one for all regions, and what it has in each of them.</summary>
internal sealed class Account
{
    private readonly Dictionary<string, RegionState> _regions = [];

    public Account(AwsAccountOptions options, DateTimeOffset now)
    {
        Id = options.Id;
        foreach (var key in options.AccessKeys)
        {
            AccessKeys.Add(key.Id, key);
            Iam.Users.TryAdd(key.User, new(Id, "/", key.User, now));
        }

        Denied.UnionWith(options.Denied);
    }

    public string Id { get; }

    public Dictionary<string, AwsAccessKey> AccessKeys { get; } = [];

    /// <summary>Actions that nobody in the account may do: <c>ec2:CreateVpc</c>, <c>iam:*</c>.</summary>
    public HashSet<string> Denied { get; } = new(StringComparer.OrdinalIgnoreCase);

    public IamState Iam { get; } = new();

    public IEnumerable<RegionState> Regions => _regions.Values;

    public bool Denies(string action) => Denied.Any(pattern => Wildcard.Matches(pattern, action));

    public RegionState Region(string name)
    {
        if (!_regions.TryGetValue(name, out var region))
        {
            _regions[name] = region = new(Id, name);
        }

        return region;
    }
}
