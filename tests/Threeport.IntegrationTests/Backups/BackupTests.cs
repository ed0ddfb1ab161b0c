using System.Data;
using Npgsql;
using Threeport.BackupFormat;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.IntegrationTests.Server;
using Threeport.Runtime;
using Threeport.Server.Backups;
using Threeport.Server.Resources;
using Threeport.Server.Storage;

namespace Threeport.IntegrationTests.Backups;

/// <summary>What a backup holds, and what becomes of it in another control plane with another key ring.</summary>
public sealed class BackupTests
{
    private const string Secret = "correct horse battery";

    /// <summary>The keys stay as they are while rows are compared.</summary>
    private static readonly KeyTiming Slow = new() { LookEvery = TimeSpan.FromMinutes(10) };

    private readonly string _folder = Machine.TemporaryFolder();
    private readonly List<ApiLayer> _layers = [];

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var layer in _layers)
        {
            await layer.DisposeAsync();
        }

        _layers.Clear();
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task A_backup_under_load_restores_every_row_of_its_instant_and_sensitive_values_are_read_with_another_key_ring()
    {
        var old = await LayerAsync();
        await old.Get<DataKeys>().RotateAsync(default);
        await using var load = new BackupLoad(old).Start();
        await Eventually.TrueAsync("there is something", () => load.Writes > 300, TimeSpan.FromSeconds(30));
        var (file, rows) = await BackUpAsync(
            old,
            during: () => Eventually.TrueAsync("it goes on", MoreThan(load, 100))
        );
        var keys = await TextsAsync(old, "select id from threeport.data_keys");
        await load.DisposeAsync();
        await DropAsync(old);

        var fresh = await LayerAsync();
        var (mode, count) = await RestoreAsync(fresh, file);

        await using var connection = await fresh.Database.OpenConnectionAsync();
        var restored = await StoredRows.ReadAsync(connection);
        foreach (var (table, before) in rows)
        {
            Assert.That(restored[table], Is.EqualTo(before), table);
        }

        Assert.That(rows["mt_doc_samples"], Has.Count.GreaterThan(100));
        Assert.That(count, Is.GreaterThan(rows["mt_doc_samples"].Count + rows["mt_doc_history"].Count));
        Assert.That(mode.RestoredBy, Is.EqualTo("tester"));
        Assert.That(await TextsAsync(fresh, "select id from threeport.data_keys"), Is.SupersetOf(keys));
        await fresh.Get<DataKeys>().LoadAsync(default);
        await SecretsAreReadAsync(fresh, load);
    }

    [Test]
    public async Task A_restored_control_plane_gives_out_no_lease_and_takes_no_write_until_the_yes()
    {
        var old = await LayerAsync();
        var kept = await old.SampleAsync("kept");
        await old.SampleAsync("goes");
        await old.WriteAsync(WriteVerb.Delete, "samples", "goes");
        var begun = await BeginAsync(old, kept.Resource.Id);
        var (file, _) = await BackUpAsync(old);

        var fresh = await LayerAsync();
        var other = await LayerAsync(
            fresh.Connection,
            fresh.Get<Microsoft.Extensions.Configuration.IConfiguration>()["Threeport:KeyRing"]
        );
        await RestoreAsync(fresh, file);
        foreach (var replica in new[] { fresh, other })
        {
            Assert.That(await BeginAsync(replica, kept.Resource.Id), Is.Null);
            await RefusedAsync(() => replica.SampleAsync("new"));
            await RefusedAsync(() => replica.WriteAsync(WriteVerb.Delete, "samples", "kept"));
        }

        await fresh.WriteAsync(WriteVerb.Put, "samples", "kept", new { size = 2 }, dryRun: true);
        var state = await fresh.Get<RestorePlan>().ReadAsync(default);
        Assert.That(
            state.Changes.Select(static c => $"{c.Change} {c.Kind}/{c.Name}"),
            Is.EqualTo(["delete sample/goes", "apply sample/kept"])
        );
        Assert.That(await other.Get<ObservingMode>().EndAsync(default), Is.EqualTo(2));
        Assert.That(await other.Get<ObservingMode>().EndAsync(default), Is.Null, "once");

        // As soon as the relay has told of them; and beyond what any pass of the former life knew.
        var after = await Eventually.ValueAsync("a lease is given out", () => BeginAsync(fresh, kept.Resource.Id));
        Assert.That(after.Epoch, Is.GreaterThan(begun!.Epoch + 1_000_000));
        await fresh.SampleAsync("new");
        Assert.That((await fresh.Get<RestorePlan>().ReadAsync(default)).Observing, Is.Null);
    }

    [Test]
    public async Task The_stream_is_another_after_a_restoration_so_that_no_position_in_the_old_one_counts()
    {
        await using var nats = await NatsServer.StartAsync();
        var old = await LayerAsync(nats: nats);
        await old.SampleAsync("told");
        var (file, _) = await BackUpAsync(old);
        await DropAsync(old);
        var fresh = await LayerAsync(nats: nats);
        var before = await fresh.Get<Streams>().EnsureAsync(default);
        await RestoreAsync(fresh, file);
        await fresh.Get<RestoreFollower>().LookAsync(default);
        Assert.That(await fresh.Get<Streams>().EnsureAsync(default), Is.GreaterThan(before));
        Assert.That(
            await fresh.ScalarAsync<long>(
                "select count(*) from threeport.settings where name = 'stream-before-restore'"
            ),
            Is.Zero
        );
    }

    [Test]
    public async Task What_is_cut_off_or_changed_leaves_an_empty_control_plane([Values] bool cut)
    {
        var old = await LayerAsync();
        for (var i = 0; i < 300; i++)
        {
            await old.SampleAsync($"s{i}");
        }

        var (file, _) = await BackUpAsync(old);
        var fresh = await LayerAsync();
        var broken = file.ToArray();
        broken[^40] ^= 1;
        var wrong = await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(fresh, cut ? file[..^40] : broken));

        Assert.That(wrong!.Message, Does.Contain(cut ? "cut off" : "was changed"));
        Assert.That(await fresh.ScalarAsync<long>("select count(*) from threeport.mt_doc_samples"), Is.Zero);
        Assert.That(await fresh.ScalarAsync<long>("select count(*) from threeport.data_keys"), Is.EqualTo(1));
        Assert.That(await fresh.Get<ObservingMode>().FindAsync(default), Is.Null);
        await fresh.SampleAsync("usable");
    }

    /// <summary>It may change nothing of the history and the audit, and own nothing: as the embedded PostgreSQL is set up.</summary>
    [Test]
    public async Task A_role_that_owns_no_table_makes_and_restores_backups()
    {
        var old = await LayerAsync();
        await old.SampleAsync("kept", new { secret = "hush" });
        var (file, rows) = await BackUpAsync(old);
        var owner = await (await Servers.PostgresAsync()).CreateDatabaseAsync();
        var worker = new NpgsqlConnectionStringBuilder(owner)
        {
            Username = $"worker_{Guid.CreateVersion7():N}",
            Password = "worker",
        };
        await using var source = NpgsqlDataSource.Create(owner);
        await using var create = source.CreateCommand($"create role {worker.Username} login password 'worker'");
        await create.ExecuteNonQueryAsync();

        var fresh = await LayerAsync(worker.ConnectionString, owner: owner);
        await RestoreAsync(fresh, file);
        var (_, restored) = await BackUpAsync(fresh);
        Assert.That(restored["mt_doc_samples"], Is.EqualTo(rows["mt_doc_samples"]));
        Assert.That(restored["mt_doc_history"], Is.EqualTo(rows["mt_doc_history"]));
    }

    [Test]
    public async Task What_is_not_empty_is_named()
    {
        var layer = await LayerAsync();
        await layer.SampleAsync("there");
        var (file, _) = await BackUpAsync(layer);
        var refused = await Assert.ThrowsAsync<Api.ProblemException>(() => RestoreAsync(layer, file));
        Assert.That(refused!.Problem.Status, Is.EqualTo(409));
        Assert.That(refused.Problem.Detail, Does.Contain("1 samples").And.Contain("a history of 1 changes"));
    }

    [Test]
    public async Task A_backup_of_a_newer_version_is_refused_with_both_named()
    {
        var layer = await LayerAsync();
        var (header, key) = BackupHeader.Make("99.1.0", TimeProvider.System.GetUtcNow(), Secret);
        key.Dispose();
        var refused = await Assert.ThrowsAsync<BackupException>(() =>
            layer.Get<Restoration>().RestoreAsync(new(Stream.Null), header, ApiLayer.Admin, default)
        );
        Assert.That(refused!.Message, Does.Contain("99.1.0").And.Contain(ProductVersion.Current));
    }

    [Test]
    public async Task A_table_or_column_that_is_not_there_is_named([Values("table", "column")] string what)
    {
        var layer = await LayerAsync();
        var section =
            what == "table" ? new TableSection("mt_doc_unknown", ["id"]) : new TableSection("events", ["unknown"]);
        using var content = new MemoryStream([
            .. section.Begin(),
            .. TableSection.End(0),
            .. TableSection.EndOfTables(1),
        ]);
        var (header, key) = BackupHeader.Make(ProductVersion.Current, TimeProvider.System.GetUtcNow(), Secret);
        key.Dispose();
        var refused = await Assert.ThrowsAsync<BackupException>(() =>
            layer.Get<Restoration>().RestoreAsync(new(content), header, ApiLayer.Admin, default)
        );
        Assert.That(refused!.Message, Does.Contain($"a {what} ").And.Contain("unknown"));
    }

    private static Func<bool> MoreThan(BackupLoad load, int more)
    {
        var before = load.Writes;
        return () => load.Writes > before + more;
    }

    private async Task<ApiLayer> LayerAsync(
        string? connection = null,
        string? keyRing = null,
        NatsServer? nats = null,
        string? owner = null
    )
    {
        var layer = await ApiLayer.StartAsync(
            nats,
            connection,
            owner: owner,
            keyRing: keyRing ?? Path.Combine(_folder, $"{Guid.CreateVersion7():N}.json"),
            timing: Slow
        );
        _layers.Add(layer);
        return layer;
    }

    /// <summary>Stops what works on it, and drops it.</summary>
    private async Task DropAsync(ApiLayer layer)
    {
        var name = new NpgsqlConnectionStringBuilder(layer.Connection).Database;
        _layers.Remove(layer);
        await layer.DisposeAsync();
        await using var server = NpgsqlDataSource.Create((await Servers.PostgresAsync()).ConnectionString);
        await using var drop = server.CreateCommand($"drop database {name} with (force)");
        await drop.ExecuteNonQueryAsync();
    }

    /// <summary>The file, and beside it what another transaction on the same snapshot of the database reads.</summary>
    private static async Task<(byte[] File, SortedDictionary<string, List<string>> Rows)> BackUpAsync(
        ApiLayer layer,
        Func<Task>? during = null
    )
    {
        await using var snapshot = await BackupSnapshot.BeginAsync(layer.Database, layer.Get<KeyRing>(), default);
        var exported = (await StoredRows.TextsAsync(snapshot.Connection, "select pg_export_snapshot()"))[0];
        await using var connection = new NpgsqlConnection(layer.Connection);
        await connection.OpenAsync();
        await using var same = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await using (var adopt = new NpgsqlCommand($"set transaction snapshot '{exported}'", connection))
        {
            await adopt.ExecuteNonQueryAsync();
        }

        var rows = await StoredRows.ReadAsync(connection);
        await (during?.Invoke() ?? Task.CompletedTask);
        var (header, key) = BackupHeader.Make(ProductVersion.Current, snapshot.Instant, Secret);
        using var file = new MemoryStream();
        await using var stream = new SealingStream(file, header, key);
        await snapshot.WriteAsync(stream, default);
        await stream.CompleteAsync(default);
        key.Dispose();
        return (file.ToArray(), rows);
    }

    private static async Task<(Observing Mode, long Rows)> RestoreAsync(ApiLayer layer, byte[] backup)
    {
        using var file = new MemoryStream(backup);
        var header = await BackupHeader.ReadAsync(file, default);
        using var key = header.Open(Secret);
        await using var content = new OpeningStream(file, header, key);
        return await layer.Get<Restoration>().RestoreAsync(new(content), header, ApiLayer.Admin, default);
    }

    private static async Task SecretsAreReadAsync(ApiLayer layer, BackupLoad load)
    {
        var page = await layer.Api.ListAsync(ApiLayer.Admin, layer.Kind("samples"), new([], null, 500, null), default);
        foreach (var sample in page.Items.Cast<Sample>())
        {
            Assert.That(sample.Spec.Secret, Is.EqualTo(load.Secrets[(sample.Name, sample.Revision)]), sample.Name);
        }
    }

    private static async Task<List<string>> TextsAsync(ApiLayer layer, string sql)
    {
        await using var connection = await layer.Database.OpenConnectionAsync();
        return await StoredRows.TextsAsync(connection, sql);
    }

    private static Task<BegunPass<Sample>?> BeginAsync(ApiLayer layer, Guid id) =>
        layer.Get<IPasses>().BeginAsync<Sample>(id, "test/1", default);

    private static async Task RefusedAsync(Func<Task> write)
    {
        var refused = await Assert.ThrowsAsync<Api.ProblemException>(() => write());
        Assert.That(refused!.Problem.Type, Is.EqualTo("https://threeport.io/problems/observing"));
        Assert.That(refused.Problem.Detail, Does.Contain("qleetctl restore confirm"));
    }
}
