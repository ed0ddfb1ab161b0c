using Npgsql;

namespace Threeport.Server.Storage;

/// <summary>How connections to PostgreSQL are made.</summary>
internal static class DataSources
{
    /// <summary>What the API layer works with: a pool for each host.</summary>
    /// <param name="connection">A connection string, whose <c>Host</c> may name several: <c>a,b:5433</c>.</param>
    public static IReadOnlyList<NpgsqlDataSource> Open(string connection)
    {
        var hosts = Hosts(connection);
        var settings = Settings(connection, isOneOfSeveral: hosts.Length > 1);
        return [.. hosts.Select(host => Open(settings, host, isOneOfSeveral: hosts.Length > 1))];
    }

    /// <summary>One connection to each host, which nobody else waits for: to ask which of them is the primary.</summary>
    /// <param name="connection">A connection string.</param>
    /// <param name="limit">How long a host may take to answer, and as long again when it must be connected to first.</param>
    public static IEnumerable<NpgsqlDataSource> OpenForLooks(string connection, TimeSpan limit)
    {
        foreach (var host in Hosts(connection))
        {
            var settings = Settings(connection, isOneOfSeveral: true);
            (settings.Host, settings.MaxPoolSize) = (host, 1);
            settings.Timeout = settings.CommandTimeout = (int)limit.TotalSeconds;
            yield return new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = $"looks {host}" }.Build();
        }
    }

    /// <summary>For migrations: as the owner of the tables.</summary>
    /// <param name="connection">A connection string.</param>
    public static NpgsqlDataSource OpenForOwner(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        if (Hosts(connection).Length > 1)
        {
            settings.TargetSessionAttributes ??= "primary";
        }

        return NpgsqlDataSource.Create(settings);
    }

    private static string[] Hosts(string connection) =>
        (new NpgsqlConnectionStringBuilder(connection).Host ?? "").Split(',', StringSplitOptions.TrimEntries);

    private static NpgsqlConnectionStringBuilder Settings(string connection, bool isOneOfSeveral)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        // Few connections and prepared statements are what is fast; waiting for one is bounded, so that an overload is a 503. When
        // another host becomes the primary all are made anew at once, by every replica: half as many are made before one of them
        // gives up, for which all would have to begin again.
        if (!settings.ContainsKey("Maximum Pool Size"))
        {
            settings.MaxPoolSize = isOneOfSeveral ? 10 : 20;
        }

        settings.MaxAutoPrepare = 100;
        settings.AutoPrepareMinUsages = 2;
        settings.Timeout = Math.Min(settings.Timeout, isOneOfSeveral ? 3 : 2);
        // With the two seconds that a cancellation is waited for: a connection that fell silent is noticed well within 15 s.
        settings.CommandTimeout = Math.Min(settings.CommandTimeout, 10);
        settings.KeepAlive = 10;
        // Locks of a process whose connection fell silent in the middle of a write; PostgreSQL itself would keep them for hours.
        // Compiling a statement takes longer than any of ours.
        settings.Options = $"{settings.Options} -c idle_in_transaction_session_timeout=10s -c jit=off".TrimStart();
        settings.Enlist = false;
        // Else the first connection looks for Kerberos, and writes that it is not there past every log.
        if (!settings.ContainsKey("GSS Encryption Mode"))
        {
            settings.GssEncryptionMode = GssEncryptionMode.Disable;
        }

        // Nothing is set on a connection that would have to be set back, and doing so is seven statements each time. A transaction
        // that is open is rolled back all the same.
        settings.NoResetOnClose = true;
        settings.ApplicationName = "threeport";
        // Which host it is, is not left to Npgsql (PrimaryDatabase).
        settings.TargetSessionAttributes = null;
        return settings;
    }

    private static NpgsqlDataSource Open(NpgsqlConnectionStringBuilder settings, string host, bool isOneOfSeveral)
    {
        settings.Host = host;
        // Its metrics go by this name: the connection string says where the database is.
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString)
        {
            Name = isOneOfSeveral ? $"threeport {host}" : "threeport",
        };
        if (isOneOfSeveral)
        {
            builder.UsePhysicalConnectionInitializer(RequirePrimary, RequirePrimaryAsync);
        }

        return builder.Build();
    }

    /// <summary>A standby shows what was a moment ago. One that a primary became ends its connections, so that a look at each new one is enough.</summary>
    private static async Task RequirePrimaryAsync(NpgsqlConnection connection)
    {
        await using var command = IsStandby(connection);
        Require(await command.ExecuteScalarAsync(), connection.Host);
    }

    private static void RequirePrimary(NpgsqlConnection connection)
    {
        using var command = IsStandby(connection);
        Require(command.ExecuteScalar(), connection.Host);
    }

    private static NpgsqlCommand IsStandby(NpgsqlConnection connection) =>
        new("select pg_is_in_recovery()", connection);

    private static void Require(object? isStandby, string? host)
    {
        if (isStandby is not false)
        {
            // Something that passes, says the inner one to whoever asks (IsTransient).
            throw new NpgsqlException($"{host} is a standby.", new TimeoutException("No primary was found yet."));
        }
    }
}
