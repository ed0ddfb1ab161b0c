using Threeport.AwsServer.Clusters;

namespace Threeport.AwsServer.State;

/// <summary>All there is. Whoever reads or writes holds <see cref="Gate"/> and has let <see cref="Timeline"/> advance.</summary>
internal sealed class Cloud(AwsOptions options, ClusterEndpoints endpoints)
{
    private readonly Dictionary<string, Session> _sessions = [];
    private readonly Dictionary<string, string> _issuerKeys = [];

    public Lock Gate { get; } = new();

    public Timeline Timeline { get; } = new(options.TimeProvider);

    public DateTimeOffset Now => Timeline.Now;

    /// <summary>Replaced as a whole when a test changes one.</summary>
    public AwsSettings Settings { get; set; } = options.Settings;

    public ClusterEndpoints Endpoints { get; } = endpoints;

    public IReadOnlyDictionary<string, Account> Accounts { get; } =
        options.Accounts.ToDictionary(
            static account => account.Id,
            account => new Account(account, options.TimeProvider.GetUtcNow())
        );

    /// <summary>Where all this answers.</summary>
    public Uri Address { get; set; } = options.Listen;

    /// <summary>Of temporary credentials, by their access key id.</summary>
    public IReadOnlyDictionary<string, Session> Sessions => _sessions;

    /// <summary>The keys (JWKS) that tokens of an issuer are verified with, by its URL.</summary>
    public IReadOnlyDictionary<string, string> IssuerKeys => _issuerKeys;

    public IEnumerable<RegionState> Regions => Accounts.Values.SelectMany(static account => account.Regions);

    /// <exception cref="InvalidOperationException">There is no such account.</exception>
    public Account Account(string id) =>
        Accounts.GetValueOrDefault(id) ?? throw new InvalidOperationException($"There is no account {id}.");

    public void Add(Session session) => _sessions.Add(session.AccessKeyId, session);

    public void SetIssuerKeys(string issuer, string keys) => _issuerKeys[issuer] = keys;
}
