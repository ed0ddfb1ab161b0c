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

    [Test]
    public async Task A_database_of_a_newer_version_is_left_as_it_is_by_one_that_ran_on_it_before()
    {
        await PrepareByNewerAsync();
        await ExecuteAsync($"drop index {Index}");
        await _layer.Get<IMigration>().ApplyAsync(CancellationToken.None);
        Assert.That(await ExistsAsync(), Is.False);
        Assert.That(await ProductAsync(), Is.EqualTo("99.0.0"));
    }

    [Test]
    public async Task A_database_of_a_newer_version_is_refused_by_one_that_never_ran_on_it()
    {
        await PrepareByNewerAsync();
        await ExecuteAsync("delete from threeport.settings where name like 'schema %' and name <> 'schema product'");
        Assert.That(
            () => _layer.Get<IMigration>().ApplyAsync(CancellationToken.None),
            Throws.TypeOf<SettingsException>().With.Message.Contains("as threeport 99.0.0 needs it")
        );
    }

    [Test]
    public async Task A_database_that_an_older_version_prepared_is_this_versions_from_then_on()
    {
        await ExecuteAsync(
            "update threeport.settings set value = convert_to('0.0.1', 'UTF8') where name = 'schema product'"
        );
        await ExecuteAsync("update threeport.settings set value = '\\x00' where name = 'schema'");
        await _layer.Get<IMigration>().ApplyAsync(CancellationToken.None);
        Assert.That(await ProductAsync(), Is.Not.EqualTo("0.0.1"));
    }

    private async Task PrepareByNewerAsync()
    {
        await ExecuteAsync("update threeport.settings set value = '\\x00' where name = 'schema'");
        await ExecuteAsync(
            "update threeport.settings set value = convert_to('99.0.0', 'UTF8') where name = 'schema product'"
        );
    }

    private async Task<string?> ProductAsync()
    {
        await using var command = _layer.Database.CreateCommand(
            "select convert_from(value, 'UTF8') from threeport.settings where name = 'schema product'"
        );
        return (string?)await command.ExecuteScalarAsync();
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
