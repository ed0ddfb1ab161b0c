using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using Threeport.Benchmarks.Servers;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.Benchmarks.Benchmarks;

/// <summary>
/// The API over TLS against a client with no API at all: sixteen writers that insert the three rows of a create (document,
/// history, outbox) as one prepared batch, which is one transaction, into the same tables of another database of the same server.
/// It leaves out the fourth row that a create has, that of the reconcile state.
/// </summary>
internal static class BareNpgsql
{
    private const int Writers = 16;
    private const string Database = "bare";

    public static async Task RunAsync(Bench bench)
    {
        await using var host = await bench.ControlPlaneAsync("api");
        var name = Documents.Name();
        await host.Side.PostAsync(Documents.Definitions, Documents.Definition(name), bench.Stop);
        var rows = await SampleAsync(host, name, bench.Stop);
        await CopyTablesAsync(host, bench.Stop);
        await using var bare = NpgsqlDataSource.Create(host.Database(Database) + $";Maximum Pool Size={Writers}");
        var api = Creates.Of(bench, host);
        await api.RunAsync(64, Creates.WarmUp, bench.Stop);
        await InsertAsync(bare, rows, TimeSpan.FromSeconds(5), bench.Stop);
        bench.Report.Compare(
            "creates over TLS, 64 connections / bare Npgsql, 16 writers, 3 rows",
            "1/s",
            Goal.AtLeast(1),
            await Pairs.MeasureAsync(
                bench.Pairs,
                async () => (await api.RunAsync(64, bench.Window, bench.Stop)).PerSecond,
                () => InsertAsync(bare, rows, bench.Window, bench.Stop)
            )
        );
    }

    /// <summary>The rows that a create made, to make more of them.</summary>
    private static async Task<Rows> SampleAsync(ControlPlane host, string name, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(host.Database("threeport"));
        await using var command = database.CreateCommand(
            """
            select d.data::text, d.mt_dotnet_type, h.data::text, h.mt_dotnet_type
            from threeport.mt_doc_workload_definitions d join threeport.mt_doc_history h on h.data ->> 'name' = d.data ->> 'name'
            where d.data ->> 'name' = $1
            """
        );
        command.Parameters.Add(new() { Value = name });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(name, reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3))
            : throw new InvalidOperationException("The create that was just answered has left no rows.");
    }

    /// <summary>The same tables and indexes, as pg_dump tells them.</summary>
    private static async Task CopyTablesAsync(ControlPlane host, CancellationToken cancellationToken)
    {
        var builder = new NpgsqlConnectionStringBuilder(host.Database("threeport"));
        var schema = await ChildProcess.RunAsync(
            Machine.PostgresBinary("pg_dump"),
            [
                "--schema-only",
                "--dbname",
                $"host={builder.Host} user={builder.Username} password={builder.Password} dbname=threeport",
            ]
        );
        await using (var server = NpgsqlDataSource.Create(host.Database("threeport")))
        {
            await using var create = server.CreateCommand($"create database {Database}");
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var bare = NpgsqlDataSource.Create(host.Database(Database) + ";Pooling=false");
        // Lines with a backslash are for psql.
        var statements = schema.Split('\n').Where(static l => !l.StartsWith('\\'));
        await using var copy = bare.CreateCommand(string.Join('\n', statements));
        await copy.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<double> InsertAsync(
        NpgsqlDataSource bare,
        Rows rows,
        TimeSpan time,
        CancellationToken cancellationToken
    )
    {
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(_ => Task.Run(() => WriteAsync(bare, rows, start, time, cancellationToken), cancellationToken))
        );
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<int> WriteAsync(
        NpgsqlDataSource bare,
        Rows rows,
        long start,
        TimeSpan time,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await bare.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        var (document, history) = (new NpgsqlParameter<string>(), new NpgsqlParameter<string>());
        document.NpgsqlDbType = history.NpgsqlDbType = NpgsqlDbType.Jsonb;
        var ids = new NpgsqlParameter<Guid>[4];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = new NpgsqlParameter<Guid>();
        }

        var name = new NpgsqlParameter<string> { NpgsqlDbType = NpgsqlDbType.Text };
        batch.BatchCommands.Add(
            new(
                $"insert into threeport.mt_doc_workload_definitions (id, data, mt_version, mt_dotnet_type) values ($1, $2, 1, '{rows.DocumentType}')"
            )
            {
                Parameters = { ids[0], document },
            }
        );
        batch.BatchCommands.Add(
            new(
                $"insert into threeport.mt_doc_history (id, data, mt_version, mt_dotnet_type) values ($1, $2, $1, '{rows.HistoryType}')"
            )
            {
                Parameters = { ids[1], history },
            }
        );
        batch.BatchCommands.Add(
            new(
                "insert into threeport.outbox (id, kind, resource_id, name, generation, revision, work, change) values ($1, 'workload-definitions', $2, $3, 1, 1, true, 'put')"
            )
            {
                Parameters = { ids[2], ids[3], name },
            }
        );
        await batch.PrepareAsync(cancellationToken);
        var count = 0;
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            var (resource, row) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            ids[0].TypedValue = ids[3].TypedValue = resource;
            ids[1].TypedValue = row;
            ids[2].TypedValue = Guid.CreateVersion7();
            name.TypedValue = $"b-{resource:N}";
            document.TypedValue = rows.Document.Replace(rows.Name, name.TypedValue, StringComparison.Ordinal);
            history.TypedValue = rows.History.Replace(rows.Name, name.TypedValue, StringComparison.Ordinal);
            await batch.ExecuteNonQueryAsync(cancellationToken);
            count++;
        }

        return count;
    }

    private sealed record Rows(string Name, string Document, string DocumentType, string History, string HistoryType);
}
