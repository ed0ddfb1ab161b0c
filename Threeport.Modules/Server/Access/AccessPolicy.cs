using System.Collections.Frozen;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Threeport.Runtime;
using Threeport.Server.Access.RoleBindings;
using Threeport.Server.Access.Roles;
using Threeport.Server.Reading;
using Threeport.Server.Resources;

namespace Threeport.Server.Access;

/// <summary>
/// The roles and bindings that are stored, and which certificates are revoked, in memory. What this process writes counts at once, what another writes after
/// <see cref="LookEvery"/> at the latest.
/// </summary>
internal sealed partial class AccessPolicy(
    KindCatalog kinds,
    IResourceReader reader,
    ClientCertificates certificates,
    TimeProvider time,
    ILogger<AccessPolicy> logger
) : BackgroundService
{
    /// <summary>Well within the minute in which what was taken away must be gone.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile Snapshot? _current;

    /// <summary>Whether the kinds are among those that are loaded: a process without them has the built-in roles alone.</summary>
    private bool HasKinds { get; } = kinds.Find(Role.Plural) is not null;

    /// <summary>The roles that bindings give to a user and to groups.</summary>
    public async ValueTask<IReadOnlyList<string>> BoundAsync(Identity identity, CancellationToken cancellationToken)
    {
        if (!HasKinds)
        {
            return [];
        }

        var snapshot = _current ?? await LoadAsync(cancellationToken);
        return
        [
            .. snapshot.OfUser.GetValueOrDefault(identity.Name, []),
            .. identity.Groups.SelectMany(g => snapshot.OfGroup.GetValueOrDefault(g, [])),
        ];
    }

    /// <returns>The rules of a role that is stored; null when there is none.</returns>
    public RoleRules? Stored(string role) => _current?.Roles.GetValueOrDefault(role);

    /// <summary>To be called after a write of these kinds, which has been stored whatever becomes of this.</summary>
    public async ValueTask WrittenAsync(IEnumerable<KindDescriptor> written, CancellationToken cancellationToken)
    {
        if (written.Any(static k => BuiltInRoles.AccessKinds.Contains(k.Plural)))
        {
            await LookAsync(cancellationToken);
        }
    }

    public override void Dispose()
    {
        _loading.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    /// <summary>Reads them anew. While the database is away nobody is answered, so what was known does no harm.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (HasKinds)
            {
                await LoadAsync(cancellationToken);
            }

            if (certificates.IsAvailable)
            {
                await certificates.LoadAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotRead(exception.Message);
        }
    }

    /// <summary>One at a time, so that an older answer never replaces a newer one.</summary>
    private async Task<Snapshot> LoadAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            var roles = AllAsync<Role>(cancellationToken);
            var bindings = AllAsync<RoleBinding>(cancellationToken);
            return _current = Snapshot.Of(await roles, await bindings);
        }
        finally
        {
            _loading.Release();
        }
    }

    private async Task<List<T>> AllAsync<T>(CancellationToken cancellationToken)
        where T : Api.Resource, Api.IKind
    {
        var all = new List<T>();
        string? next = null;
        do
        {
            var query = new ListQuery([], null, ListQuery.MaxLimit, next);
            var page = await reader.ListAsync(kinds[typeof(T)], query, cancellationToken);
            all.AddRange(page.Items.Cast<T>());
            next = page.Continue;
        } while (next is not null);

        return all;
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Roles, role bindings and revocations could not be read, and stay as they were: {Reason}"
    )]
    private partial void LogNotRead(string reason);

    private sealed record Snapshot(
        FrozenDictionary<string, RoleRules> Roles,
        FrozenDictionary<string, string[]> OfUser,
        FrozenDictionary<string, string[]> OfGroup
    )
    {
        public static Snapshot Of(IReadOnlyList<Role> roles, IReadOnlyList<RoleBinding> bindings) =>
            new(
                roles.ToFrozenDictionary(static r => r.Name, static r => new RoleRules(r.Spec.Rules)),
                BySubject(bindings, static b => b.Spec.Users),
                BySubject(bindings, static b => b.Spec.Groups)
            );

        private static FrozenDictionary<string, string[]> BySubject(
            IReadOnlyList<RoleBinding> bindings,
            Func<RoleBinding, IReadOnlyList<string>> subjects
        ) =>
            bindings
                .SelectMany(b => subjects(b).Select(s => (Subject: s, b.Spec.Role)))
                .GroupBy(static b => b.Subject, static b => b.Role)
                .ToFrozenDictionary(static g => g.Key, static g => g.Distinct().ToArray());
    }
}
