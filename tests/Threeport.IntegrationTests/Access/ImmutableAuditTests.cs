using Npgsql;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.IntegrationTests.Server;
using Threeport.Server.Resources;

namespace Threeport.IntegrationTests.Access;

/// <summary>With an owner for the tables, the role that the API layer works as cannot change what was noted of it.</summary>
public sealed class ImmutableAuditTests
{
    private ApiLayer _layer = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var owner = await (await Servers.PostgresAsync()).CreateDatabaseAsync();
        var worker = new NpgsqlConnectionStringBuilder(owner)
        {
            Username = $"app \"{Guid.CreateVersion7():N}",
            Password = "worker",
        };
        await using var source = NpgsqlDataSource.Create(owner);
        var quoted = worker.Username.Replace("\"", "\"\"", StringComparison.Ordinal);
        await using var create = source.CreateCommand($"create role \"{quoted}\" login password 'worker'");
        await create.ExecuteNonQueryAsync();
        _layer = await ApiLayer.StartAsync(connection: worker.ConnectionString, owner: owner);
    }

    [OneTimeTearDown]
    public Task StopAsync() => _layer.DisposeAsync().AsTask();

    [Test]
    public async Task It_can_do_its_work()
    {
        await _layer.SampleAsync("worked");
        await _layer.WriteAsync(WriteVerb.Put, "samples", "worked", new { size = 2 });
        await _layer.WriteAsync(WriteVerb.Delete, "samples", "worked");
        await Eventually.TrueAsync(
            "the relay removes what it told",
            async () => await _layer.ScalarAsync<long>("select count(*) from threeport.outbox") == 0
        );
        Assert.That(await _layer.ScalarAsync<long>("select count(*) from threeport.mt_doc_history"), Is.GreaterThan(0));
    }

    [TestCase("update threeport.mt_doc_history set data = '{}'")]
    [TestCase("delete from threeport.mt_doc_history")]
    [TestCase("truncate threeport.mt_doc_history")]
    [TestCase("drop table threeport.mt_doc_history")]
    [TestCase("alter table threeport.audit disable trigger all")]
    [TestCase("update threeport.audit set actor = 'somebody else'")]
    [TestCase("delete from threeport.audit")]
    [TestCase("truncate threeport.audit")]
    [TestCase("create table threeport.more (a int)")]
    public async Task It_cannot(string sql)
    {
        await using var command = _layer.Database.CreateCommand(sql);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.That(refused!.SqlState, Is.EqualTo(PostgresErrorCodes.InsufficientPrivilege));
    }
}
