using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NpgsqlTypes;

namespace Threeport.Server.Storage;

/// <summary>
/// Keeps the data keys known, and encrypts anew what an outdated one encrypted; when nothing is left of it, it goes. A document is
/// replaced only as it was read, so that a write that comes between wins: it uses the newer key anyway.
/// </summary>
internal sealed partial class KeyRotation(
    DataKeys keys,
    KindStores stores,
    StorageOptions options,
    PrimaryDatabase database,
    KeyTiming timing,
    TimeProvider time,
    ILogger<KeyRotation> logger
) : BackgroundService
{
    private const int Page = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(timing.LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await keys.LoadAsync(cancellationToken);
            foreach (var key in keys.Outdated)
            {
                await RetireAsync(key, cancellationToken);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception.Message);
        }
    }

    /// <summary>Replicas may do so at once: each document is replaced by one of them.</summary>
    private async Task RetireAsync(DataKey key, CancellationToken cancellationToken)
    {
        var replaced = 0;
        foreach (var kind in stores.Kinds.Kinds.Where(static k => k.SensitiveFields.Count > 0))
        {
            replaced += await EncryptAnewAsync(stores[kind], key, cancellationToken);
        }

        if (replaced > 0)
        {
            // Looked through once more before the key goes.
            LogReplaced(replaced, key.Id, keys.Active.Id);
            return;
        }

        await keys.RemoveAsync(key.Id, cancellationToken);
        LogRemoved(key.Id);
    }

    /// <returns>How many were found.</returns>
    private async Task<int> EncryptAnewAsync(KindStore store, DataKey key, CancellationToken cancellationToken)
    {
        var found = 0;
        for (var after = Guid.Empty; ; )
        {
            var documents = await PageAsync(store, key, after, cancellationToken);
            if (documents.Count == 0)
            {
                return found;
            }

            foreach (var (id, json, revision) in documents)
            {
                await ReplaceAsync(store, id, json, revision, cancellationToken);
            }

            found += documents.Count;
            after = documents[^1].Id;
        }
    }

    private async Task<List<(Guid Id, byte[] Json, long Revision)>> PageAsync(
        KindStore store,
        DataKey key,
        Guid after,
        CancellationToken cancellationToken
    )
    {
        var any = string.Join(
            " or ",
            store.Kind.SensitiveFields.Select(static f => $"starts_with({JsonSql.Text(f.Split('.'))}, $1)")
        );
        await using var command = database.CreateCommand(
            $"select id, data, mt_version from {store.Table} where ({any}) and id > $2 order by id limit {Page}"
        );
        command.Parameters.Add(new() { Value = SealedText.PrefixOf(key.Id) });
        command.Parameters.Add(new() { Value = after });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var documents = new List<(Guid, byte[], long)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            documents.Add((reader.GetGuid(0), reader.GetFieldValue<byte[]>(1), reader.GetInt64(2)));
        }

        return documents;
    }

    /// <summary>The resource is the same, and so is its revision: nobody is told.</summary>
    private async Task ReplaceAsync(
        KindStore store,
        Guid id,
        byte[] json,
        long revision,
        CancellationToken cancellationToken
    )
    {
        var resource = store.Read(json, revision, options.Json);
        var anew = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(resource, store.Kind.Type, options.Json);
        await using var command = database.CreateCommand(
            $"update {store.Table} set data = $2 where id = $1 and mt_version = $3"
        );
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = anew, NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = revision });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "{Count} documents were encrypted with the key {Old}, and are now with {New}")]
    private partial void LogReplaced(int count, string old, string @new);

    [LoggerMessage(LogLevel.Information, "Nothing is encrypted with the key {Key} any more; it was removed")]
    private partial void LogRemoved(string key);

    [LoggerMessage(LogLevel.Warning, "The data keys could not be looked after, and will be again: {Reason}")]
    private partial void LogFailed(string reason);
}
