using Threeport.Runtime;

namespace Threeport.Tests.Simulation;

/// <summary>What is asked of the cloud.</summary>
internal sealed record CloudSpec(int Value, int PartValue);

/// <summary>What the cloud has.</summary>
internal sealed record CloudObject(Guid Owner, CloudSpec Spec, long Epoch, bool IsBusy, bool IsGoing);

/// <summary>
/// The outside: what is made there stays, whoever made it dies. Making and removing take a while. Something that is asked for
/// under an older fence than the newest it has seen is refused, as an idempotency token that has been used is.
/// </summary>
internal sealed class SimCloud(Scheduler scheduler, SimDatabase database, Invariants invariants)
{
    private static readonly TimeSpan Slowest = TimeSpan.FromSeconds(3);
    private readonly Dictionary<Guid, CloudObject> _objects = [];
    private readonly Dictionary<Guid, long> _newest = [];

    public IReadOnlyDictionary<Guid, CloudObject> Objects => _objects;

    public CloudObject? Find(Guid owner) => _objects.GetValueOrDefault(owner);

    public CloudObject? Observe(Guid owner, long epoch)
    {
        Fence(owner, epoch);
        return Find(owner);
    }

    public void Create(Guid owner, CloudSpec spec, long epoch)
    {
        Fence(owner, epoch);
        invariants.Intended(owner, database);
        if (_objects.ContainsKey(owner))
        {
            throw new HttpRequestException("409: it is there.");
        }

        _objects[owner] = new(owner, spec, epoch, IsBusy: true, IsGoing: false);
        scheduler.After(
            scheduler.Between(TimeSpan.Zero, Slowest),
            () =>
            {
                if (_objects.TryGetValue(owner, out var made))
                {
                    _objects[owner] = made with { IsBusy = false };
                }
            }
        );
    }

    public void Update(Guid owner, CloudSpec spec, long epoch)
    {
        Fence(owner, epoch);
        _objects[owner] = _objects.TryGetValue(owner, out var found)
            ? found with
            {
                Spec = spec,
                Epoch = epoch,
            }
            : throw new HttpRequestException("404: it is not there.");
    }

    public void Delete(Guid owner, long epoch)
    {
        Fence(owner, epoch);
        if (_objects.TryGetValue(owner, out var found) && !found.IsGoing)
        {
            _objects[owner] = found with { IsGoing = true };
            scheduler.After(scheduler.Between(TimeSpan.Zero, Slowest), () => _objects.Remove(owner));
        }
    }

    private void Fence(Guid owner, long epoch)
    {
        if (_newest.GetValueOrDefault(owner) > epoch)
        {
            throw new HttpRequestException("412: a newer one has been at it.");
        }

        _newest[owner] = epoch;
    }
}

/// <summary>The cloud as a process sees it.</summary>
internal sealed class CloudClient(SimProcess process, World world)
{
    /// <summary>Shorter than what is between the moment at which a holder stops itself and the end of its lease.</summary>
    private static readonly TimeSpan Slowest = TimeSpan.FromSeconds(4);

    /// <summary>As a call that takes long.</summary>
    public Task DwellAsync(TimeSpan time, CancellationToken cancellationToken) =>
        time > TimeSpan.Zero ? Task.Delay(time, process.Time, cancellationToken) : Task.CompletedTask;

    public Task<CloudObject?> ObserveAsync(Pass<Machine> pass, CancellationToken cancellationToken) =>
        CallAsync("observes", () => world.Cloud.Observe(pass.Resource.Id, pass.Epoch), cancellationToken);

    public Task CreateAsync(Pass<Machine> pass, CloudSpec spec, CancellationToken cancellationToken) =>
        EffectAsync(pass, "creates", () => world.Cloud.Create(pass.Resource.Id, spec, pass.Epoch), cancellationToken);

    public Task UpdateAsync(Pass<Machine> pass, CloudSpec spec, CancellationToken cancellationToken) =>
        EffectAsync(pass, "updates", () => world.Cloud.Update(pass.Resource.Id, spec, pass.Epoch), cancellationToken);

    public Task DeleteAsync(Pass<Machine> pass, CancellationToken cancellationToken) =>
        EffectAsync(pass, "deletes", () => world.Cloud.Delete(pass.Resource.Id, pass.Epoch), cancellationToken);

    private Task<bool> EffectAsync(Pass<Machine> pass, string what, Action effect, CancellationToken cancellationToken)
    {
        world.Invariants.HoldsLease(process, pass.Resource.Id, pass.Epoch, world.Database);
        return CallAsync(
            $"{what} {pass.Resource.Name}",
            () =>
            {
                effect();
                return true;
            },
            cancellationToken
        );
    }

    private Task<T> CallAsync<T>(string what, Func<T> effect, CancellationToken cancellationToken) =>
        world.Network.CallAsync(
            process,
            "cloud",
            what,
            effect,
            static () => new HttpRequestException("The cloud does not answer."),
            Slowest,
            cancellationToken
        );
}
