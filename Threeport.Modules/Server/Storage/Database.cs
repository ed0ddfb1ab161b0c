using System.Net.Sockets;
using Npgsql;
using Threeport.Api;

namespace Threeport.Server.Storage;

/// <summary>What it looks like when PostgreSQL does not answer.</summary>
internal static class Database
{
    /// <summary>The answer to a request that needs it.</summary>
    public static Problem Away { get; } = Problems.Unavailable("The database does not answer. Try again in a moment.");

    /// <summary>Whether the cause is that it is away, overloaded or restarting, rather than what was asked of it.</summary>
    public static bool IsAway(Exception? exception) =>
        exception switch
        {
            null => false,
            PostgresException postgres => postgres.IsTransient
                || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal),
            NpgsqlException
            or TimeoutException
            or SocketException
            or OperationCanceledException
            or EndOfStreamException => true,
            _ => IsAway(exception.InnerException),
        };
}
