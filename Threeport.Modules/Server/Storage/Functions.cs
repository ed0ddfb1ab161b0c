namespace Threeport.Server.Storage;

/// <summary>What the statements of the writer call in the database.</summary>
internal static class Functions
{
    /// <summary>Fails, as a serialisation failure, when a statement changed another number of rows than it was to.</summary>
    public const string RequireCount = $"{KindStore.Schema}.require_count";

    /// <summary>
    /// Removes rows of the outbox by their ids. The outbox is empty most of the time, so the planner takes it for small and
    /// would read all of it, dead rows included, rather than look up each id: that cost a third of the database's time.
    /// </summary>
    public const string Forget = $"{KindStore.Schema}.forget";

    /// <summary>Makes them, or brings them up to date.</summary>
    public const string Create = $"""
        create or replace function {RequireCount}(changed bigint, wanted bigint) returns void language plpgsql as $$
        begin
            if changed <> wanted then
                raise exception '% of % rows are as they were read', changed, wanted using errcode = 'serialization_failure';
            end if;
        end $$;
        create or replace function {Forget}(ids uuid[]) returns void language sql set enable_seqscan = off as $$
            delete from {Tables.Outbox} where id = any(ids)
        $$
        """;
}
