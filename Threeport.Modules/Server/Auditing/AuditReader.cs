using Npgsql;
using NpgsqlTypes;
using Threeport.Server.Storage;

namespace Threeport.Server.Auditing;

/// <summary>Reads the history and the audit as one.</summary>
internal sealed class AuditReader(PrimaryDatabase database)
{
    /// <summary>Newest first, at most as many as are asked for.</summary>
    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(AuditQuery.Sql);
        Add(NpgsqlDbType.Text, query.Actor);
        Add(NpgsqlDbType.Text, query.Target);
        Add(NpgsqlDbType.Text, query.Name);
        Add(NpgsqlDbType.Boolean, query.Allowed);
        Add(NpgsqlDbType.Uuid, query.Since is { } since ? First(since) : null);
        Add(NpgsqlDbType.Uuid, Earlier(query.Before, query.Until is { } until ? First(until) : null));
        Add(NpgsqlDbType.Integer, query.Limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<AuditEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(Read(reader));
        }

        return entries;

        void Add(NpgsqlDbType type, object? value) =>
            command.Parameters.Add(new() { Value = value ?? DBNull.Value, NpgsqlDbType = type });
    }

    private static AuditEntry Read(NpgsqlDataReader reader)
    {
        long? revision = reader.IsDBNull(8) ? null : reader.GetInt64(8);
        return new()
        {
            Id = reader.GetGuid(0),
            At = reader.GetFieldValue<DateTimeOffset>(1),
            Actor = reader.GetString(2),
            From = reader.GetString(3),
            Verb = reader.GetString(4),
            Target = reader.GetString(5),
            Name = reader.IsDBNull(6) ? null : reader.GetString(6),
            Allowed = reader.GetBoolean(7),
            NewRevision = revision,
            OldRevision = revision > 1 ? revision - 1 : null,
            Detail = reader.IsDBNull(9) ? null : reader.GetString(9),
        };
    }

    /// <summary>The least UUIDv7 of a moment: 48 bits of milliseconds come first (RFC 9562, 5.7).</summary>
    private static Guid First(DateTimeOffset moment)
    {
        var bytes = new byte[16];
        var milliseconds = moment.ToUnixTimeMilliseconds();
        for (var i = 0; i < 6; i++)
        {
            bytes[i] = (byte)(milliseconds >> (40 - (8 * i)));
        }

        return new(bytes, bigEndian: true);
    }

    private static Guid? Earlier(Guid? a, Guid? b) =>
        a is null ? b
        : b is null ? a
        : string.CompareOrdinal($"{a}", $"{b}") < 0 ? a
        : b;
}
