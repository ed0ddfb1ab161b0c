using Weasel.Postgresql.Tables;

namespace Threeport.Server.Storage;

/// <summary>The tables beside the documents.</summary>
internal static class Tables
{
    /// <summary>What clients changed; Marten's, as the tables of the kinds are.</summary>
    public const string History = $"{KindStore.Schema}.mt_doc_history";

    /// <summary>Notifications that are not confirmed by the broker yet.</summary>
    public const string Outbox = $"{KindStore.Schema}.outbox";

    /// <summary>What the machinery knows of each resource that has a reconciler: who works on it, and when to look again.</summary>
    public const string ReconcileState = $"{KindStore.Schema}.reconcile_state";

    /// <summary>What happened to resources, one row for each sort of event.</summary>
    public const string Events = $"{KindStore.Schema}.events";

    /// <summary>API tokens, hashed.</summary>
    public const string Tokens = $"{KindStore.Schema}.tokens";

    /// <summary>Client certificates that were issued, by serial number.</summary>
    public const string Certificates = $"{KindStore.Schema}.certificates";

    /// <summary>What was denied, and what was done to no resource; the rest of the audit is the history.</summary>
    public const string Audit = $"{KindStore.Schema}.audit";

    /// <summary>What sensitive values are encrypted with, wrapped by a key that is not in the database.</summary>
    public const string DataKeys = $"{KindStore.Schema}.data_keys";

    /// <summary>Values that replicas share.</summary>
    public const string Settings = $"{KindStore.Schema}.settings";

    public static Table OutboxTable()
    {
        var table = new Table($"{KindStore.Schema}.outbox");
        table.AddColumn("id", "uuid").AsPrimaryKey();
        table.AddColumn("kind", "text").NotNull();
        table.AddColumn("resource_id", "uuid").NotNull();
        table.AddColumn("name", "text").NotNull();
        table.AddColumn("generation", "bigint").NotNull();
        table.AddColumn("revision", "bigint").NotNull();
        table.AddColumn("work", "boolean").NotNull();
        table.AddColumn("change", "text");
        table.AddColumn("trace", "text");
        table.AddColumn("created_at", "timestamptz").NotNull().DefaultValueByExpression("clock_timestamp()");
        return table;
    }

    public static Table ReconcileStateTable()
    {
        var table = new Table($"{KindStore.Schema}.reconcile_state");
        table.AddColumn("id", "uuid").AsPrimaryKey();
        table.AddColumn("kind", "text").NotNull();
        table.AddColumn("name", "text").NotNull();
        table.AddColumn("generation", "bigint").NotNull();
        table.AddColumn("observed_generation", "bigint").NotNull().DefaultValueByExpression("0");
        table.AddColumn("deleting", "boolean").NotNull().DefaultValueByExpression("false");
        table.AddColumn("owner", "text");
        table.AddColumn("epoch", "bigint").NotNull().DefaultValueByExpression("0");
        table.AddColumn("expires_at", "timestamptz");
        table.AddColumn("wanted", "boolean").NotNull().DefaultValueByExpression("false");
        table.AddColumn("failures", "integer").NotNull().DefaultValueByExpression("0");
        table.AddColumn("requeue_at", "timestamptz");
        table.AddColumn("afresh", "boolean").NotNull().DefaultValueByExpression("false");
        table.Indexes.Add(Index("reconcile_state_due", "requeue_at", "requeue_at is not null"));
        table.Indexes.Add(Index("reconcile_state_held", "expires_at", "owner is not null"));
        table.Indexes.Add(Index("reconcile_state_behind", "id", "observed_generation < generation or deleting"));
        return table;
    }

    public static Table EventsTable()
    {
        var table = new Table($"{KindStore.Schema}.events");
        table.AddColumn("resource_id", "uuid").AsPrimaryKey();
        table.AddColumn("key", "bytea").AsPrimaryKey();
        table.AddColumn("type", "text").NotNull();
        table.AddColumn("reason", "text").NotNull();
        table.AddColumn("message", "text").NotNull();
        table.AddColumn("source", "text").NotNull();
        table.AddColumn("count", "integer").NotNull();
        table.AddColumn("first_seen", "timestamptz").NotNull();
        table.AddColumn("last_seen", "timestamptz").NotNull();
        table.Indexes.Add(new IndexDefinition("events_last_seen").AgainstColumns("last_seen"));
        return table;
    }

    public static Table TokensTable()
    {
        var table = CredentialsTable("tokens");
        table.AddColumn("hash", "bytea").NotNull();
        return table;
    }

    public static Table CertificatesTable() => CredentialsTable("certificates");

    private static Table CredentialsTable(string name)
    {
        var table = new Table($"{KindStore.Schema}.{name}");
        table.AddColumn("id", "text").AsPrimaryKey();
        table.AddColumn("name", "text").NotNull();
        table.AddColumn("roles", "text[]").NotNull();
        table.AddColumn("issued_by", "text").NotNull();
        table.AddColumn("issued_at", "timestamptz").NotNull();
        table.AddColumn("expires_at", "timestamptz").NotNull();
        table.AddColumn("revoked_at", "timestamptz");
        return table;
    }

    public static Table AuditTable()
    {
        var table = new Table($"{KindStore.Schema}.audit");
        table.AddColumn("id", "uuid").AsPrimaryKey();
        table.AddColumn("at", "timestamptz").NotNull();
        table.AddColumn("actor", "text").NotNull();
        table.AddColumn("origin", "text").NotNull();
        table.AddColumn("verb", "text").NotNull();
        table.AddColumn("target", "text").NotNull();
        table.AddColumn("name", "text");
        table.AddColumn("allowed", "boolean").NotNull();
        table.AddColumn("detail", "text");
        return table;
    }

    public static Table DataKeysTable()
    {
        var table = new Table($"{KindStore.Schema}.data_keys");
        table.AddColumn("id", "text").AsPrimaryKey();
        table.AddColumn("number", "integer").NotNull();
        table.AddColumn("wrapped", "text").NotNull();
        table.AddColumn("created_at", "timestamptz").NotNull();
        table.AddColumn("active_at", "timestamptz").NotNull();
        table.Indexes.Add(new IndexDefinition("data_keys_number") { IsUnique = true }.AgainstColumns("number"));
        return table;
    }

    public static Table SettingsTable()
    {
        var table = new Table($"{KindStore.Schema}.settings");
        table.AddColumn("name", "text").AsPrimaryKey();
        table.AddColumn("value", "bytea").NotNull();
        return table;
    }

    private static IndexDefinition Index(string name, string column, string predicate) =>
        new IndexDefinition(name) { Predicate = predicate }.AgainstColumns(column);
}
