using Npgsql;

namespace Threeport.Benchmarks.Servers;

/// <summary>What a control plane has not done yet, as its database says; asked there, so that its API is not measured with it.</summary>
internal sealed class Backlog(ControlPlane host) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(host.Database("threeport"));

    /// <summary>Every resource's controller has looked at what is wanted now.</summary>
    public Task ReconciledAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        EmptyAsync(
            "everything is reconciled",
            "threeport.reconcile_state where observed_generation < generation or deleting",
            limit,
            cancellationToken
        );

    /// <summary>Every notification is with the broker.</summary>
    public Task PublishedAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        EmptyAsync("the outbox is empty", "threeport.outbox", limit, cancellationToken);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private Task EmptyAsync(string what, string rows, TimeSpan limit, CancellationToken cancellationToken) =>
        Ready.WhenAsync(
            what,
            async token =>
            {
                await using var command = _database.CreateCommand($"select not exists (select from {rows})");
                return (bool)(await command.ExecuteScalarAsync(token))!;
            },
            limit,
            TimeSpan.FromMilliseconds(50),
            process: null,
            cancellationToken
        );
}
