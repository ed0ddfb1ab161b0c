using System.Collections.Concurrent;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Resources;
using Threeport.Server.Storage;
using Threeport.Server.Writing;

namespace Threeport.Server.Reading;

/// <summary>From PostgreSQL, one statement a question.</summary>
internal sealed class Reader(PrimaryDatabase database, KindStores stores, StorageOptions options) : IResourceReader
{
    private const int MaxHistory = 200;
    private const int MaxEvents = 200;
    private const int QueriesAtOnce = 2;
    private const int NamesAQuery = 256;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<KindStore, SharedQuery<string, Document?>> _byName = new();

    /// <summary>A row as it is stored: each who asks gets a resource of their own, to change as they like.</summary>
    private sealed record Document(byte[] Data, long Revision);

    public async Task<Resource?> FindAsync(KindDescriptor kind, string name, CancellationToken cancellationToken)
    {
        var store = stores[kind];
        var query = _byName.GetOrAdd(store, s => new(names => FindAsync(s, names), QueriesAtOnce, NamesAQuery));
        return await query.AskAsync(name, cancellationToken) is { } document
            ? store.Read(document.Data, document.Revision, options.Json)
            : null;
    }

    public async Task<IReadOnlyList<Resource>> FindManyAsync(
        KindDescriptor kind,
        string[] names,
        CancellationToken cancellationToken
    )
    {
        var store = stores[kind];
        var found = await DocumentsAsync(store, names, cancellationToken);
        return [.. found.Values.Select(d => store.Read(d.Data, d.Revision, options.Json))];
    }

    public async Task<ListPage> ListAsync(KindDescriptor kind, ListQuery query, CancellationToken cancellationToken)
    {
        var store = stores[kind];
        var sql = new ListSql(kind, query);
        await using var command = sql.Command(database, store);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<Resource>();
        string? sortValue = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (items.Count == query.Limit)
            {
                return new(items, sql.Token(sortValue, items[^1]));
            }

            items.Add(Read(store, reader));
            sortValue = await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetString(2);
        }

        return new(items, null);
    }

    public async Task<IReadOnlyList<HistoryRow>> HistoryAsync(
        KindDescriptor kind,
        string name,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            $"select data from {Tables.History} where (data ->> 'name') = $1 and data ->> 'kind' = $2 "
                // By revision: two writes may have come in the same instant, or by two clocks.
                + "order by (data ->> 'resourceId')::uuid desc, (data ->> 'revision')::bigint desc, id desc "
                + $"limit {MaxHistory}"
        );
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = kind.Plural });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<HistoryRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = JsonSerializer.Deserialize<HistoryRow>(reader.GetFieldValue<byte[]>(0), options.Json)!;
            rows.Add(row.Verb == HistoryRow.Create ? row with { Changes = HistoryDiff.OfCreation(row) } : row);
        }

        return rows;
    }

    public async Task<IReadOnlyList<ResourceEvent>> EventsAsync(Guid resourceId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"select type, reason, message, source, count, first_seen, last_seen from {Tables.Events} "
                + $"where resource_id = $1 order by last_seen desc limit {MaxEvents}"
        );
        command.Parameters.Add(new() { Value = resourceId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<ResourceEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(
                new()
                {
                    Type = Enum.Parse<EventType>(reader.GetString(0)),
                    Reason = reader.GetString(1),
                    Message = reader.GetString(2),
                    Source = reader.GetString(3),
                    Count = reader.GetInt32(4),
                    FirstSeen = reader.GetFieldValue<DateTimeOffset>(5),
                    LastSeen = reader.GetFieldValue<DateTimeOffset>(6),
                }
            );
        }

        return events;
    }

    public async Task<string?> NearestNameAsync(KindDescriptor kind, string name, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"select data ->> 'name' from {stores[kind].Table} order by (data ->> 'name') limit 1000"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        return Suggestion.For(name, names);
    }

    private async Task<IReadOnlyList<Document?>> FindAsync(KindStore store, IReadOnlyList<string> names)
    {
        using var limit = new CancellationTokenSource(Limit);
        var found = await DocumentsAsync(store, [.. names.Distinct()], limit.Token);
        return [.. names.Select(n => found.GetValueOrDefault(n))];
    }

    private async Task<Dictionary<string, Document>> DocumentsAsync(
        KindStore store,
        string[] names,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            $"select data ->> 'name', data, mt_version from {store.Table} where (data ->> 'name') = any($1)"
        );
        command.Timeout = Limit;
        command.Parameters.Add(new() { Value = names, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<string, Document>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            found[reader.GetString(0)] = new(reader.GetFieldValue<byte[]>(1), reader.GetInt64(2));
        }

        return found;
    }

    private Resource Read(KindStore store, NpgsqlDataReader reader) =>
        store.Read(reader.GetFieldValue<byte[]>(0), reader.GetInt64(1), options.Json);
}
