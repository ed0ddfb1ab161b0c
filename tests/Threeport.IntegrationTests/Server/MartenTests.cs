using JasperFx;
using Marten;
using Threeport.Server.Resources;

namespace Threeport.IntegrationTests.Server;

/// <summary>What the writer relies on Marten for, and what later versions of it may not change unnoticed.</summary>
public sealed class MartenTests
{
    private ApiLayer _layer = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _layer = await ApiLayer.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _layer.DisposeAsync();

    [Test]
    public async Task A_write_with_a_stale_revision_is_refused()
    {
        var id = (await _layer.SampleAsync("stale")).Resource.Id;
        await _layer.WriteAsync(WriteVerb.Put, "samples", "stale", new { size = 2 });
        await using var first = Store.LightweightSession();
        await using var second = Store.LightweightSession();
        var (winner, loser) = ((await first.LoadAsync<Sample>(id))!, (await second.LoadAsync<Sample>(id))!);
        Assert.That(winner.Revision, Is.EqualTo(2), "the revision is loaded");

        first.UpdateRevision(winner, winner.Revision + 1);
        await first.SaveChangesAsync();
        loser.Status.Seen = "by the loser";
        second.UpdateRevision(loser, loser.Revision + 1);
        await Assert.ThrowsAsync<ConcurrencyException>(() => second.SaveChangesAsync());
        await using var reading = Store.QuerySession();
        var now = (await reading.LoadAsync<Sample>(id))!;
        Assert.That((now.Revision, now.Status.Seen), Is.EqualTo((3, (string?)null)));
    }

    [Test]
    public async Task Of_fifty_that_write_one_revision_one_wins()
    {
        var id = (await _layer.SampleAsync("race")).Resource.Id;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => TryUpdateAsync(id))));
        Assert.That(outcomes.Count(static won => won), Is.EqualTo(1));
    }

    private IDocumentStore Store => _layer.Get<IDocumentStore>();

    private async Task<bool> TryUpdateAsync(Guid id)
    {
        await using var session = Store.LightweightSession();
        var sample = (await session.LoadAsync<Sample>(id))!;
        session.UpdateRevision(sample, 2);
        try
        {
            await session.SaveChangesAsync();
            return true;
        }
        catch (ConcurrencyException)
        {
            return false;
        }
    }
}
