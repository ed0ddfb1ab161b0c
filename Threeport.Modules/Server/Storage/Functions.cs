namespace Threeport.Server.Storage;

/// <summary>What the statements of the writer call in the database.</summary>
internal static class Functions
{
    /// <summary>Fails, as a serialisation failure, when a statement changed another number of rows than it was to.</summary>
    public const string RequireCount = $"{KindStore.Schema}.require_count";

    /// <summary>Makes them, or brings them up to date.</summary>
    public const string Create = $"""
        create or replace function {RequireCount}(changed bigint, wanted bigint) returns void language plpgsql as $$
        begin
            if changed <> wanted then
                raise exception '% of % rows are as they were read', changed, wanted using errcode = 'serialization_failure';
            end if;
        end $$
        """;
}
