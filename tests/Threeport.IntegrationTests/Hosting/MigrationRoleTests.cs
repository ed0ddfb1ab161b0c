using System.Net;
using Npgsql;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Hosting;

/// <summary>As it is installed in a cluster: a job brings the database to what is needed, and replicas of the API wait for it.</summary>
public sealed class MigrationRoleTests
{
    private string _owner = null!;
    private string _app = null!;
    private string _folder = null!;

    /// <summary>A database, its owner, and a role that may connect and nothing else.</summary>
    [SetUp]
    public async Task MakeDatabaseAsync()
    {
        _folder = Machine.TemporaryFolder();
        _owner = await (await Servers.PostgresAsync()).CreateDatabaseAsync();
        var app = new NpgsqlConnectionStringBuilder(_owner)
        {
            Username = $"app_{Guid.CreateVersion7():N}",
            Password = "app",
        };
        await ExecuteAsync($"create role {app.Username} login password 'app'");
        _app = app.ConnectionString;
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task It_applies_the_schema_as_the_owner_and_ends_and_again_does_nothing()
    {
        await MigratedAsync();
        var made = await SchemaAsync();
        await MigratedAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(made, Is.Not.Empty);
            Assert.That(await SchemaAsync(), Is.EqualTo(made), "the same tables, not made anew");
            Assert.That(await RightAsync("threeport.mt_doc_history", "insert"));
            Assert.That(await RightAsync("threeport.mt_doc_history", "update"), Is.False);
        }
    }

    [Test]
    public async Task Two_at_once_wait_for_each_other() =>
        await Task.WhenAll(MigratedAsync(), MigratedAsync(), MigratedAsync());

    [Test]
    public async Task Without_a_database_or_keys_it_says_what_it_needs([Values] bool hasKeys)
    {
        await using var process = Start(hasKeys ? [] : ["--database", _owner], hasKeys);
        await process.WaitForExitAsync(TimeSpan.FromSeconds(30));
        Assert.That(process.ExitCode, Is.EqualTo(2));
        Assert.That(
            process.Output,
            Does.Contain($"The role migration needs {(hasKeys ? "--database" : "Threeport:KeyRing")}")
        );
    }

    [Test]
    public async Task Without_the_rights_it_needs_it_fails()
    {
        await using var process = Start(["--database", _app]);
        await process.WaitForExitAsync(TimeSpan.FromSeconds(30));
        Assert.That(process.ExitCode, Is.Not.Zero);
        Assert.That(process.Output, Does.Contain("permission denied"));
    }

    [Test]
    public async Task Replicas_of_the_API_wait_for_it_and_hand_out_nothing()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var host = HostProcess.Create(
            ["--roles", "api", "--database", _app, "--nats", nats.Url],
            environment: new Dictionary<string, string?>
            {
                ["THREEPORT_MIGRATION"] = "wait",
                ["THREEPORT_ADMIN_TOKEN"] = "none",
                ["THREEPORT_KEY_RING"] = KeyRing,
            }
        );
        host.Launch();
        await Eventually.TrueAsync(
            "it has looked",
            async () =>
                await ScalarAsync<long>(
                    "select count(*) from pg_stat_activity where datname = current_database() and usename like 'app%' and query like '%settings%'"
                ) > 0
        );
        Assert.That(await SchemaAsync(), Is.Empty, "it made nothing");
        Assert.That(host.Process.HasExited, Is.False, host.Log);

        await MigratedAsync();
        await host.ReadyAsync();

        using var nobody = host.CreateClient(token: null);
        using var answer = await nobody.GetAsync("/v0/kinds");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(
                Directory.GetFiles(host.Data).Select(Path.GetFileName),
                Has.None.EqualTo("none")
                    .And.None.EqualTo("admin.token")
                    .And.None.EqualTo("controllers.token")
                    .And.None.EqualTo("controllers.crt")
                    .And.None.EqualTo("controllers.key")
            );
            Assert.That(
                await ScalarAsync<long>("select count(*) from threeport.tokens"),
                Is.Zero,
                "nor did it issue any"
            );
            Assert.That(await host.StopAsync(), Is.Zero, host.Log);
        }
    }

    private ChildProcess Start(IReadOnlyList<string> arguments, bool hasKeys = true) =>
        ChildProcess.Start(
            "migration",
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "threeport.dll"), "--roles", "migration", .. arguments],
            environment: new Dictionary<string, string?> { ["THREEPORT_KEY_RING"] = hasKeys ? KeyRing : null }
        );

    private string KeyRing => Path.Combine(_folder, "keyring.json");

    private async Task MigratedAsync()
    {
        await using var process = Start(["--database", _app, "--database-owner", _owner]);
        await process.WaitForExitAsync(TimeSpan.FromSeconds(60));
        Assert.That(process.ExitCode, Is.Zero, process.Output);
        Assert.That(process.Output, Does.Contain("needs it"));
    }

    /// <summary>Every table with its number, which is another when it is made anew.</summary>
    private async Task<string[]> SchemaAsync() =>
        await ScalarAsync<string[]>(
            "select coalesce(array_agg(c.relname || ' ' || c.oid order by 1), '{}') from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'threeport'"
        );

    private Task<bool> RightAsync(string table, string right) =>
        ScalarAsync<bool>(
            $"select has_table_privilege('{new NpgsqlConnectionStringBuilder(_app).Username}', '{table}', '{right}')"
        );

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_owner);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_owner);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
