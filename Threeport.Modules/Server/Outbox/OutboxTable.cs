using System.Globalization;
using System.Text;
using NpgsqlTypes;
using Threeport.Server.Storage;

namespace Threeport.Server.Outbox;

/// <summary>In PostgreSQL.</summary>
internal sealed class OutboxTable(PrimaryDatabase database) : IOutboxTable
{
    private const int MaxRows = 500;
    private const string StreamSetting = "work-stream";
    private const string Columns = "id, kind, resource_id, name, generation, revision, work, change, trace";

    public Task<IReadOnlyList<OutboxRow>> LeftBehindAsync(TimeSpan age, CancellationToken cancellationToken) =>
        QueryAsync(
            $"select {Columns} from {Tables.Outbox} where created_at < clock_timestamp() - $1 order by id limit {MaxRows}",
            age,
            cancellationToken
        );

    public Task<IReadOnlyList<OutboxRow>> TakeDueAsync(TimeSpan retry, CancellationToken cancellationToken) =>
        QueryAsync(
            $"""
            with due as (
                select id from {Tables.ReconcileState} where requeue_at <= clock_timestamp()
                order by requeue_at limit {MaxRows} for update skip locked),
            moved as (
                update {Tables.ReconcileState} s set requeue_at = clock_timestamp() + $1 from due where s.id = due.id
                returning s.id, s.kind, s.name, s.generation)
            {InsertWork("moved")}
            """,
            retry,
            cancellationToken
        );

    public Task<IReadOnlyList<OutboxRow>> TakeExpiredAsync(CancellationToken cancellationToken) =>
        QueryAsync(
            $"""
            with expired as (
                select id from {Tables.ReconcileState} where owner is not null and expires_at < clock_timestamp()
                limit {MaxRows} for update skip locked),
            moved as (
                update {Tables.ReconcileState} s set owner = null, expires_at = null, wanted = false
                from expired where s.id = expired.id returning s.id, s.kind, s.name, s.generation)
            {InsertWork("moved")}
            """,
            null,
            cancellationToken
        );

    public Task<IReadOnlyList<OutboxRow>> ReleaseAllOfAsync(
        string node,
        string owner,
        CancellationToken cancellationToken
    ) =>
        QueryAsync(
            $"""
            with moved as (
                update {Tables.ReconcileState} s set owner = null, expires_at = null, wanted = false
                where starts_with(owner, $1) and not starts_with(owner, $2) returning s.id, s.kind, s.name, s.generation)
            {InsertWork("moved")}
            """,
            node + "/",
            cancellationToken,
            owner
        );

    public Task<IReadOnlyList<OutboxRow>> UnsettledAsync(Guid after, CancellationToken cancellationToken) =>
        PageAsync(
            "(observed_generation < generation or deleting) and owner is null and requeue_at is null",
            after,
            cancellationToken
        );

    public Task<IReadOnlyList<OutboxRow>> EveryoneAsync(Guid after, CancellationToken cancellationToken) =>
        PageAsync("true", after, cancellationToken);

    public async Task<bool> IsOtherStreamAsync(DateTimeOffset made, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"select not exists (select from {Tables.Settings} where name = '{StreamSetting}' and value = $1)"
        );
        command.Parameters.Add(new() { Value = Encode(made) });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task RememberStreamAsync(DateTimeOffset made, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"insert into {Tables.Settings} (name, value) values ('{StreamSetting}', $1) on conflict (name) do update set value = $1"
        );
        command.Parameters.Add(new() { Value = Encode(made) });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<TimeSpan?> UntilNextDueAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            // Without a row there is no answer; greatest() alone would make zero of it.
            $"select greatest(requeue_at - clock_timestamp(), interval '0') from {Tables.ReconcileState} where requeue_at is not null order by requeue_at limit 1"
        );
        return await command.ExecuteScalarAsync(cancellationToken) as TimeSpan?;
    }

    public async Task<Backlog> BacklogAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.Statements.Add(
            new($"select coalesce(clock_timestamp() - min(created_at), interval '0'), count(*) from {Tables.Outbox}")
        );
        batch.Statements.Add(
            new(
                $"select kind, count(*) from {Tables.ReconcileState} where observed_generation < generation or deleting group by kind"
            )
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (age, rows) = (reader.GetFieldValue<TimeSpan>(0), reader.GetInt64(1));
        await reader.NextResultAsync(cancellationToken);
        var unsettled = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            unsettled[reader.GetString(0)] = reader.GetInt64(1);
        }

        return new(age, rows, unsettled);
    }

    public async Task DeleteAsync(Guid[] ids, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"select {Functions.Forget}($1)");
        command.Parameters.Add(new() { Value = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static byte[] Encode(DateTimeOffset made) =>
        Encoding.ASCII.GetBytes(made.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));

    private Task<IReadOnlyList<OutboxRow>> PageAsync(
        string condition,
        Guid after,
        CancellationToken cancellationToken
    ) =>
        QueryAsync(
            $"""
            select gen_random_uuid(), kind, id, name, generation, 0::bigint, true, null::text, null::text
            from {Tables.ReconcileState} where {condition} and id > $1 order by id limit {MaxRows}
            """,
            after,
            cancellationToken
        );

    private static string InsertWork(string from) =>
        $"""
            insert into {Tables.Outbox} (id, kind, resource_id, name, generation, revision, work)
            select gen_random_uuid(), kind, id, name, generation, 0, true from {from}
            returning {Columns}
            """;

    private async Task<IReadOnlyList<OutboxRow>> QueryAsync(
        string sql,
        object? parameter,
        CancellationToken cancellationToken,
        object? second = null
    )
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in new[] { parameter, second }.Where(static v => v is not null))
        {
            command.Parameters.Add(new() { Value = value });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<OutboxRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(
                new(
                    reader.GetGuid(0),
                    reader.GetString(1),
                    reader.GetGuid(2),
                    reader.GetString(3),
                    reader.GetInt64(4),
                    reader.GetInt64(5),
                    reader.GetBoolean(6),
                    reader.IsDBNull(7) ? null : reader.GetString(7),
                    reader.IsDBNull(8) ? null : reader.GetString(8)
                )
            );
        }

        return rows;
    }
}
