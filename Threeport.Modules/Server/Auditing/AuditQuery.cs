using Threeport.Server.Storage;

namespace Threeport.Server.Auditing;

/// <summary>Which entries are asked for.</summary>
internal sealed record AuditQuery
{
    public const int MaxLimit = 500;

    public string? Actor { get; init; }

    /// <summary>The plural of a kind, or a subsystem.</summary>
    public string? Target { get; init; }

    public string? Name { get; init; }

    public bool? Allowed { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>Only what is older than this entry.</summary>
    public Guid? Before { get; init; }

    public int Limit { get; init; } = 50;

    /// <summary>
    /// Both halves in one form, newest first: each is asked for as many as are wanted, by its primary key, which is in order of time.
    /// </summary>
    public const string Sql = $"""
        (select id, (data ->> 'at')::timestamptz, data ->> 'actor', data ->> 'from', data ->> 'verb', data ->> 'kind',
            data ->> 'name', true, (data ->> 'revision')::bigint, null
        from {Tables.History}
        where ($1::text is null or data ->> 'actor' = $1) and ($2::text is null or data ->> 'kind' = $2)
            and ($3::text is null or data ->> 'name' = $3) and $4 is distinct from false
            and ($5::uuid is null or id >= $5) and ($6::uuid is null or id < $6)
        order by id desc limit $7)
        union all
        (select id, at, actor, origin, verb, target, name, allowed, null, detail
        from {Tables.Audit}
        where ($1::text is null or actor = $1) and ($2::text is null or target = $2)
            and ($3::text is null or name = $3) and ($4::boolean is null or allowed = $4)
            and ($5::uuid is null or id >= $5) and ($6::uuid is null or id < $6)
        order by id desc limit $7)
        order by 1 desc limit $7
        """;
}
