using Threeport.Runtime;

namespace Threeport.IntegrationTests.Server;

public sealed class MigrationTests
{
    private const string Index = "threeport.workload_definitions_name";
    private ApiLayer _layer = null!;

    [SetUp]
    public async Task StartAsync() => _layer = await ApiLayer.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _layer.DisposeAsync();

    [Test]
    public async Task A_build_that_has_prepared_the_database_does_not_look_at_every_table_again()
    {
        await ExecuteAsync($"drop index {Index}");
        await _layer.Get<IMigration>().ApplyAsync(CancellationToken.None);
        Assert.That(await ExistsAsync(), Is.False);
    }

    [Test]
    public async Task A_database_that_another_build_has_prepared_is_brought_up_to_date()
    {
        await ExecuteAsync($"drop index {Index}");
        await ExecuteAsync("update threeport.settings set value = '\\x00' where name = 'schema'");
        await _layer.Get<IMigration>().ApplyAsync(CancellationToken.None);
        Assert.That(await ExistsAsync(), Is.True);
    }

    [Test]
    public async Task A_record_that_is_lost_is_made_again()
    {
        await ExecuteAsync("delete from threeport.settings where name = 'schema'");
        await _layer.Get<IMigration>().ApplyAsync(CancellationToken.None);
        await ExecuteAsync($"drop index {Index}");
        await _layer.Get<IMigration>().ApplyAsync(CancellationToken.None);
        Assert.That(await ExistsAsync(), Is.False);
    }

    private async Task<bool> ExistsAsync()
    {
        await using var command = _layer.Database.CreateCommand($"select to_regclass('{Index}') is not null");
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _layer.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
