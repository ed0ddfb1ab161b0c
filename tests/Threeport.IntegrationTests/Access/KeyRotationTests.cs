using System.Collections.Concurrent;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.IntegrationTests.Server;
using Threeport.Runtime;
using Threeport.Server.Resources;
using Threeport.Server.Storage;

namespace Threeport.IntegrationTests.Access;

/// <summary>Keys change while two replicas write, and nothing is lost of what they encrypted.</summary>
public sealed class KeyRotationTests
{
    private static readonly KeyTiming Quick = new()
    {
        LookEvery = TimeSpan.FromMilliseconds(300),
        WriteLimit = TimeSpan.FromSeconds(1),
    };
    private readonly string _folder = Machine.TemporaryFolder();
    private ApiLayer _one = null!;
    private ApiLayer _two = null!;

    private string KeyRingFile => Path.Combine(_folder, "keyring.json");

    [SetUp]
    public async Task StartAsync()
    {
        _one = await ApiLayer.StartAsync(keyRing: KeyRingFile, timing: Quick);
        _two = await ApiLayer.StartAsync(connection: _one.Connection, keyRing: KeyRingFile, timing: Quick);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _two.DisposeAsync();
        await _one.DisposeAsync();
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task After_a_rotation_under_load_all_is_encrypted_anew_and_the_old_key_is_gone()
    {
        var old = _one.Get<DataKeys>().Active.Id;
        for (var i = 0; i < 250; i++)
        {
            await _one.SampleAsync($"still-{i}", new { secret = $"hush {i}" });
        }

        using var stop = new CancellationTokenSource();
        var written = new ConcurrentDictionary<string, string>();
        var load = Task.WhenAll(WriteAsync(_one, "a", written, stop.Token), WriteAsync(_two, "b", written, stop.Token));
        var key = await _two.Get<DataKeys>().RotateAsync(CancellationToken.None);
        await Eventually.TrueAsync(
            "both know the new key alone",
            () => new[] { _one, _two }.All(l => l.Get<DataKeys>().List() is [var only] && only.Id == key.Id),
            TimeSpan.FromSeconds(30)
        );
        await stop.CancelAsync();
        await load;

        Assert.That(
            await _one.ScalarAsync<long>(
                $"select count(*) from threeport.mt_doc_samples where data::text like '%v1.{old}.%'"
            ),
            Is.Zero
        );
        Assert.That(written, Has.Count.GreaterThan(20), "there was load");
        for (var i = 0; i < 250; i++)
        {
            Assert.That(await SecretAsync($"still-{i}"), Is.EqualTo($"hush {i}"));
        }

        foreach (var (name, secret) in written)
        {
            Assert.That(await SecretAsync(name), Is.EqualTo(secret));
        }
    }

    [Test]
    public async Task A_document_that_is_encrypted_anew_keeps_its_revision_and_tells_nobody()
    {
        await _one.SampleAsync("quiet", new { secret = "hush" });
        await Eventually.TrueAsync("the outbox is empty", async () => await OutboxAsync() == 0);
        var key = await _one.Get<DataKeys>().RotateAsync(CancellationToken.None);
        await Eventually.TrueAsync(
            "the new key is alone",
            () => _one.Get<DataKeys>().List() is [var only] && only.Id == key.Id,
            TimeSpan.FromSeconds(30)
        );
        var quiet = await _one.Api.FindAsync(ApiLayer.Admin, _one.Kind("samples"), "quiet", CancellationToken.None);
        Assert.That(quiet!.Revision, Is.EqualTo(1));
        Assert.That(await OutboxAsync(), Is.Zero);
    }

    [Test]
    public async Task A_new_master_key_wraps_the_data_keys_anew_and_the_old_one_can_go()
    {
        await _one.SampleAsync("mastered", new { secret = "hush" });
        var ring = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(KeyRingFile))!.AsObject();
        var before = (string)ring["Active"]!;
        ring["Active"] = "next";
        ring["Keys"]!["next"] = Convert.ToBase64String(new byte[32]);
        await File.WriteAllTextAsync(KeyRingFile, ring.ToJsonString());
        await using (await AgainAsync()) { }

        ring["Keys"]!.AsObject().Remove(before);
        await File.WriteAllTextAsync(KeyRingFile, ring.ToJsonString());
        await using var again = await AgainAsync();
        var found = (Sample)
            (await again.Api.FindAsync(ApiLayer.Admin, again.Kind("samples"), "mastered", CancellationToken.None))!;
        Assert.That(found.Spec.Secret, Is.EqualTo("hush"));
    }

    [Test]
    public async Task A_key_ring_of_another_installation_is_named_before_anything_starts()
    {
        var wrong = await Assert.ThrowsAsync<SettingsException>(async () =>
        {
            var file = Path.Combine(_folder, "another.json");
            await using var _ = await ApiLayer.StartAsync(connection: _one.Connection, keyRing: file, timing: Quick);
        });
        Assert.That(wrong!.Message, Does.Contain("another.json").And.Contain("Threeport:KeyRing"));
    }

    private Task<ApiLayer> AgainAsync() =>
        ApiLayer.StartAsync(connection: _one.Connection, keyRing: KeyRingFile, timing: Quick);

    private Task<long> OutboxAsync() => _one.ScalarAsync<long>("select count(*) from threeport.outbox");

    private async Task<string?> SecretAsync(string name) =>
        ((Sample?)await _two.Api.FindAsync(ApiLayer.Admin, _two.Kind("samples"), name, CancellationToken.None))
            ?.Spec
            .Secret;

    private static async Task WriteAsync(
        ApiLayer layer,
        string prefix,
        ConcurrentDictionary<string, string> written,
        CancellationToken stop
    )
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var (name, secret) = ($"{prefix}-{i % 40}", $"{prefix} {i}");
            await layer.WriteAsync(WriteVerb.Put, "samples", name, new { secret });
            written[name] = secret;
        }
    }
}
