using Npgsql;

namespace Threeport.Server.Storage;

/// <summary>How connections to PostgreSQL are made.</summary>
internal static class DataSources
{
    /// <summary>What the API layer works with.</summary>
    /// <param name="connection">A connection string; with several hosts, of which one is the primary, a failover is followed.</param>
    public static NpgsqlDataSource Open(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        // Few connections and prepared statements are what is fast; waiting for one is bounded, so that an overload is a 503.
        if (!settings.ContainsKey("Maximum Pool Size"))
        {
            settings.MaxPoolSize = 20;
        }

        settings.MaxAutoPrepare = 100;
        settings.AutoPrepareMinUsages = 2;
        settings.Timeout = Math.Min(settings.Timeout, 2);
        // With the two seconds that a cancellation is waited for: a connection that fell silent is noticed well within 15 s.
        settings.CommandTimeout = Math.Min(settings.CommandTimeout, 10);
        settings.KeepAlive = 10;
        // Locks of a process whose connection fell silent in the middle of a write; PostgreSQL itself would keep them for hours.
        // Compiling a statement takes longer than any of ours.
        settings.Options = $"{settings.Options} -c idle_in_transaction_session_timeout=10s -c jit=off".TrimStart();
        settings.Enlist = false;
        // Nothing is set on a connection that would have to be set back, and doing so is seven statements each time. A transaction
        // that is open is rolled back all the same.
        settings.NoResetOnClose = true;
        settings.ApplicationName = "threeport";
        FollowPrimary(settings);
        // Its metrics go by this name: the connection string says where the database is.
        return new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = "threeport" }.Build();
    }

    /// <summary>For migrations: as the owner of the tables.</summary>
    /// <param name="connection">A connection string.</param>
    public static NpgsqlDataSource OpenForOwner(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        FollowPrimary(settings);
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>Of several hosts the one that takes writes; which that is, is looked at again soon after it was lost.</summary>
    private static void FollowPrimary(NpgsqlConnectionStringBuilder settings)
    {
        if (settings.Host?.Contains(',', StringComparison.Ordinal) is true)
        {
            settings.TargetSessionAttributes ??= "primary";
            settings.HostRecheckSeconds = Math.Min(settings.HostRecheckSeconds, 1);
        }
    }
}
