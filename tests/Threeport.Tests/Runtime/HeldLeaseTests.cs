using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Threeport.Runtime;

namespace Threeport.Tests.Runtime;

/// <summary>A pass stops itself before the database could give its lease to another.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HeldLeaseTests
{
    private readonly WatchedTime _time = new();
    private readonly RenewalScript _passes = new();

    [Test]
    public async Task A_lease_that_is_renewed_is_held()
    {
        await using var lease = Hold();
        await _time.TimersAsync(1);

        for (var i = 0; i < 10; i++)
        {
            // The renewal's deadline, and the wait for the next one.
            _time.Advance(Leases.RenewEvery);
            await _time.TimersAsync(2);
        }

        Assert.That(lease.Lost.IsCancellationRequested, Is.False);
        Assert.That(lease.Left, Is.EqualTo(Leases.StopAfter));
    }

    [Test]
    public async Task A_lease_that_another_took_is_lost_at_once()
    {
        _passes.Answer = static _ => Task.FromResult(false);
        await using var lease = Hold();
        await _time.TimersAsync(1);

        _time.Advance(Leases.RenewEvery);

        await LostAsync(lease);
        Assert.That(lease.Taken);
    }

    [Test]
    public async Task A_lease_that_cannot_be_renewed_is_given_up_before_it_ends()
    {
        _passes.Answer = static _ => throw new HttpRequestException("no route to host");
        await using var lease = Hold();
        await _time.TimersAsync(1);

        _time.Advance(Leases.RenewEvery);
        for (var waited = Leases.RenewEvery; waited < Leases.StopAfter; waited += TimeSpan.FromSeconds(1))
        {
            await _time.TimersAsync(2);
            Assert.That(lease.Lost.IsCancellationRequested, Is.False, "it is tried again while there is time");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await LostAsync(lease);
        Assert.That(lease.Taken, Is.False);
    }

    [Test]
    public async Task An_answer_that_never_comes_is_no_renewal()
    {
        _passes.Answer = static async cancellationToken =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return true;
        };
        await using var lease = Hold();
        await _time.TimersAsync(1);

        _time.Advance(Leases.RenewEvery);
        await _time.TimersAsync(1);
        _time.Advance(Leases.StopAfter - Leases.RenewEvery);

        await LostAsync(lease);
    }

    private HeldLease<Gadget> Hold() =>
        new(_passes, Guid.CreateVersion7(), epoch: 1, _time.GetTimestamp(), _time, NullLogger.Instance);

    private static async Task LostAsync(HeldLease<Gadget> lease)
    {
        var lost = new TaskCompletionSource();
        await using var registration = lease.Lost.Register(lost.SetResult);
        await lost.Task.WaitAsync(TimeSpan.FromSeconds(5));
    }

    /// <summary>A clock that can be waited for to have been asked to wake somebody.</summary>
    private sealed class WatchedTime : FakeTimeProvider
    {
        private readonly SemaphoreSlim _made = new(0);

        public async Task TimersAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.That(await _made.WaitAsync(TimeSpan.FromSeconds(5)), "a timer was set");
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _made.Release();
            return timer;
        }
    }

    private sealed class RenewalScript : IPasses
    {
        public Func<CancellationToken, Task<bool>> Answer { get; set; } = static _ => Task.FromResult(true);

        public Task<bool> RenewAsync<T>(Guid id, long epoch, CancellationToken cancellationToken)
            where T : Threeport.Api.Resource, Threeport.Api.IKind => Answer(cancellationToken);

        public Task<BegunPass<T>?> BeginAsync<T>(Guid id, string owner, CancellationToken cancellationToken)
            where T : Threeport.Api.Resource, Threeport.Api.IKind => throw new InvalidOperationException();

        public Task CheckpointAsync<T>(T resource, long epoch, CancellationToken cancellationToken)
            where T : Threeport.Api.Resource, Threeport.Api.IKind => throw new InvalidOperationException();

        public Task EndAsync<T>(T resource, long epoch, PassOutcome outcome, CancellationToken cancellationToken)
            where T : Threeport.Api.Resource, Threeport.Api.IKind => throw new InvalidOperationException();
    }
}
