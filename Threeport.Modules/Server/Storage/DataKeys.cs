using System.Security.Cryptography;
using Threeport.Api;

namespace Threeport.Server.Storage;

/// <summary>A key that values are encrypted with, as it is listed.</summary>
/// <param name="Id">As it stands in what it encrypted.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ActiveAt">From when on it encrypts, until there is a newer one that does.</param>
internal sealed record DataKey(string Id, DateTimeOffset CreatedAt, DateTimeOffset ActiveAt);

/// <summary>How soon replicas know of each other's keys.</summary>
internal sealed record KeyTiming
{
    /// <summary>How often each replica looks.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A new key encrypts only when every replica knows it.</summary>
    public TimeSpan ActiveAfter => 3 * LookEvery;

    /// <summary>A replica that has not looked for so long encrypts nothing: its key may be on its way out.</summary>
    public TimeSpan TooOld => 4 * LookEvery;

    /// <summary>After which nobody encrypts with the key before any more, and no write that did is still on its way.</summary>
    public TimeSpan SettledAfter => TooOld + WriteLimit;

    /// <summary>How long a write may take from its encryption to its commit.</summary>
    public TimeSpan WriteLimit { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>
/// The keys that sensitive values are encrypted with at rest. They are in the database, wrapped by the <see cref="KeyRing"/>, and so
/// the same for all replicas; the newest that is active encrypts, the others only decrypt.
/// </summary>
internal sealed class DataKeys(PrimaryDatabase database, KeyRing master, KeyTiming timing, TimeProvider time)
{
    private volatile Snapshot? _current;

    /// <summary>The key that encrypts now.</summary>
    public DataKey Active => Now.ActiveAt(time).Key;

    /// <summary>Those that only decrypt, because a newer one has been active for long enough that nobody encrypts with them.</summary>
    public IReadOnlyList<DataKey> Outdated
    {
        get
        {
            var snapshot = Now;
            var active = Active;
            return snapshot.DatabaseTime(time) < active.ActiveAt + timing.SettledAfter
                ? []
                : [.. snapshot.Keys.Select(static k => k.Key).Where(k => k.ActiveAt < active.ActiveAt)];
        }
    }

    private Snapshot Now => _current ?? throw new InvalidOperationException("The data keys have not been read yet.");

    /// <exception cref="ProblemException">503: the keys are not known well enough to encrypt with one.</exception>
    public string Encrypt(string clear, string field)
    {
        var snapshot = Now;
        if (time.GetElapsedTime(snapshot.ReadAt) > timing.TooOld)
        {
            throw new ProblemException(Database.Away);
        }

        var (key, secret) = snapshot.ActiveAt(time);
        return SealedText.Seal(clear, field, key.Id, secret);
    }

    /// <exception cref="CryptographicException">The key is not there, or the value is not what was encrypted for this field.</exception>
    public string Decrypt(string value, string field) => SealedText.Open(value, field, Now.Find);

    /// <summary>Reads them; makes the first one. One that is wrapped by an older master key is wrapped anew.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var readAt = time.GetTimestamp();
        await using var command = database.CreateCommand(
            $"select id, wrapped, created_at, active_at, clock_timestamp() from {Tables.DataKeys} order by active_at"
        );
        var keys = new List<(DataKey Key, byte[] Secret)>();
        var outdated = new List<(string Id, string Wrapped)>();
        var databaseTime = DateTimeOffset.MinValue;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var (id, wrapped) = (reader.GetString(0), reader.GetString(1));
                var key = new DataKey(
                    id,
                    reader.GetFieldValue<DateTimeOffset>(2),
                    reader.GetFieldValue<DateTimeOffset>(3)
                );
                databaseTime = reader.GetFieldValue<DateTimeOffset>(4);
                keys.Add((key, master.Unwrap(wrapped, id)));
                if (!master.WrapsNow(wrapped))
                {
                    outdated.Add((id, master.Wrap(keys[^1].Secret, id)));
                }
            }
        }

        if (keys.Count == 0)
        {
            await AddAsync(TimeSpan.Zero, first: true, cancellationToken);
            await LoadAsync(cancellationToken);
            return;
        }

        _current = new(keys, databaseTime, readAt);
        foreach (var (id, wrapped) in outdated)
        {
            await WrapAnewAsync(id, wrapped, cancellationToken);
        }
    }

    /// <summary>Adds a key, which encrypts once all replicas know it.</summary>
    public async Task<DataKey> RotateAsync(CancellationToken cancellationToken)
    {
        var id = await AddAsync(timing.ActiveAfter, first: false, cancellationToken);
        await LoadAsync(cancellationToken);
        return Now.Keys.Select(static k => k.Key).Single(k => k.Id == id);
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<DataKey> List() => [.. Now.Keys.Select(static k => k.Key)];

    /// <summary>Once nothing is encrypted with it any more.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"delete from {Tables.DataKeys} where id = $1");
        command.Parameters.Add(new() { Value = id });
        await command.ExecuteNonQueryAsync(cancellationToken);
        await LoadAsync(cancellationToken);
    }

    private async Task<string> AddAsync(TimeSpan activeAfter, bool first, CancellationToken cancellationToken)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        await using var command = database.CreateCommand(
            // Two replicas that start at once agree on one: the second finds it, or fails on its number.
            $"""
            insert into {Tables.DataKeys} (id, number, wrapped, created_at, active_at)
            select $1, coalesce(max(number), 0) + 1, $2, clock_timestamp(), clock_timestamp() + $3
            from {Tables.DataKeys} having not $4 or count(*) = 0
            on conflict (number) do nothing
            """
        );
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = master.Wrap(RandomNumberGenerator.GetBytes(32), id) });
        command.Parameters.Add(new() { Value = activeAfter });
        command.Parameters.Add(new() { Value = first });
        var added = await command.ExecuteNonQueryAsync(cancellationToken);
        return added == 1 || first
            ? id
            : throw new ProblemException(Problems.Conflict("Another rotation began at the same moment."));
    }

    private async Task WrapAnewAsync(string id, string wrapped, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"update {Tables.DataKeys} set wrapped = $2 where id = $1");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = wrapped });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <param name="Keys">In the order in which they become active.</param>
    /// <param name="ReadTime">The database's clock when they were read.</param>
    /// <param name="ReadAt">The process's, which then goes on from there.</param>
    private sealed record Snapshot(
        IReadOnlyList<(DataKey Key, byte[] Secret)> Keys,
        DateTimeOffset ReadTime,
        long ReadAt
    )
    {
        private readonly Dictionary<string, byte[]> _byId = Keys.ToDictionary(
            static k => k.Key.Id,
            static k => k.Secret,
            StringComparer.Ordinal
        );

        public DateTimeOffset DatabaseTime(TimeProvider time) => ReadTime + time.GetElapsedTime(ReadAt);

        public byte[]? Find(string id) => _byId.GetValueOrDefault(id);

        /// <summary>The newest that is active; the oldest, should none be.</summary>
        public (DataKey Key, byte[] Secret) ActiveAt(TimeProvider time)
        {
            var now = DatabaseTime(time);
            for (var i = Keys.Count - 1; i > 0; i--)
            {
                if (Keys[i].Key.ActiveAt <= now)
                {
                    return Keys[i];
                }
            }

            return Keys[0];
        }

        public override string ToString() => $"{Keys.Count} keys";
    }
}
