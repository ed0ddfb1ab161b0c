using Npgsql;
using Threeport.Runtime;
using Threeport.Server.Resources;
using Threeport.Server.Storage;
using Threeport.Server.Writing;

namespace Threeport.IntegrationTests.Server;

/// <summary>The writer's transactions: what guards them when a row is not as it was read, and that Marten reads what they write.</summary>
public sealed class WriteStoreTests
{
    private ApiLayer _layer = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _layer = await ApiLayer.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _layer.DisposeAsync();

    [Test]
    public async Task A_write_onto_a_stale_revision_is_refused_with_all_of_its_transaction()
    {
        var stale = (Sample)(await _layer.SampleAsync("stale")).Resource;
        var other = (Sample)(await _layer.SampleAsync("other")).Resource;
        await _layer.WriteAsync(WriteVerb.Put, "samples", "stale", new { size = 2 });

        var failure = await Assert.ThrowsAsync<PostgresException>(() => CommitAsync(stale, other));
        Assert.That(failure!.SqlState, Is.EqualTo(PostgresErrorCodes.SerializationFailure));
        await using var store = ((Migration)_layer.Get<IMigration>()).Store(_layer.Database.Pool);
        await using var session = store.QuerySession();
        var now = (await session.LoadAsync<Sample>(stale.Id))!;
        var untouched = (await session.LoadAsync<Sample>(other.Id))!;
        Assert.That((now.Revision, now.Spec.Size), Is.EqualTo((2, 2)));
        Assert.That(untouched.Revision, Is.EqualTo(1));
    }

    [Test]
    public async Task A_transaction_that_is_given_up_holds_no_lock()
    {
        await _layer.SampleAsync("given-up");
        var store = _layer.Get<IWriteStore>();
        await using (await store.BeginAsync([new Touch(Samples, "given-up")], CancellationToken.None)) { }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await using var next = await store.BeginAsync([new Touch(Samples, "given-up")], limit.Token);
        Assert.That(next.Snapshot.Find(Samples, "given-up"), Is.Not.Null);
    }

    private KindStore Samples => _layer.Get<KindStores>()["samples"];

    /// <summary>Writes both as if they were as given, whatever is in the database.</summary>
    private async Task CommitAsync(params Sample[] samples)
    {
        await using var transaction = await _layer.Get<IWriteStore>().BeginAsync([], CancellationToken.None);
        var read = new Snapshot();
        var changes = new Changes(read);
        foreach (var sample in samples)
        {
            read.Add(Samples, sample);
            changes.Put(
                Samples,
                new Sample
                {
                    Id = sample.Id,
                    Name = sample.Name,
                    Generation = sample.Generation,
                    Revision = sample.Revision + 1,
                    Spec = new() { Size = 9 },
                }
            );
        }

        await transaction.CommitAsync(changes, CancellationToken.None);
    }

    private sealed class Touch(KindStore store, string name) : Operation
    {
        public override IReadOnlyList<Target> Targets { get; } = [new(store, name)];

        public override void Decide(Changes changes) { }
    }
}
