using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Configuration;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Endpoints;

/// <summary>
/// How much one identity may ask for: a bucket of <c>Threeport:Limits:Burst</c> requests that fills with
/// <c>Threeport:Limits:RequestsPerSecond</c>. Who has none left waits a second for the refusal, so that asking again at once is no
/// faster than heeding <c>Retry-After</c>. An address from which nothing but failures come (<c>FailuresPerSecond</c>) is slowed down in
/// the same way. Controllers and agents are never refused: they are what keeps things running.
/// </summary>
internal sealed class RequestLimits : IDisposable
{
    private const int UsualRate = 1_000;
    private const int UsualFailures = 10;

    /// <summary>How many may wait for their refusal at once; more are refused at once.</summary>
    private const int MostWaiting = 2_000;
    private static readonly TimeSpan Penalty = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly PartitionedRateLimiter<string>? _byName;

    /// <summary>Made when it is first needed: it looks after its buckets ten times a second.</summary>
    private readonly Lazy<PartitionedRateLimiter<IPAddress>>? _failures;
    private int _waiting;

    /// <param name="configuration">0 for a rate sets no limit.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="SettingsException">A setting is no number.</exception>
    public RequestLimits(IConfiguration configuration, TimeProvider time)
    {
        _time = time;
        var rate = Number(configuration, "RequestsPerSecond", UsualRate);
        var burst = Number(configuration, "Burst", 5 * rate);
        var failures = Number(configuration, "FailuresPerSecond", UsualFailures);
        _byName = rate == 0 ? null : Buckets<string>(rate, Math.Max(burst, 1));
        _failures = failures == 0 ? null : new(() => Buckets<IPAddress>(failures, 10 * failures));
    }

    /// <summary>Controllers and agents.</summary>
    public static bool IsOurs(Caller caller) =>
        caller.Roles.Any(static r => Caller.ModuleOf(r) is not null || Caller.RuntimeOf(r) is not null);

    /// <exception cref="ProblemException">429: this identity has asked for too much.</exception>
    public ValueTask AdmitAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (_byName is null || IsOurs(caller))
        {
            return ValueTask.CompletedTask;
        }

        using var lease = _byName.AttemptAcquire(caller.Name);
        return lease.IsAcquired
            ? ValueTask.CompletedTask
            : new(RefuseAsync($"{caller.Name} asks for more than it may.", cancellationToken));
    }

    /// <summary>To be called when nobody knows who asks: guessing gets slow.</summary>
    /// <exception cref="ProblemException">429: too many came from this address.</exception>
    public ValueTask FailedAsync(IPAddress? address, CancellationToken cancellationToken)
    {
        if (_failures is null)
        {
            return ValueTask.CompletedTask;
        }

        using var lease = _failures.Value.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired
            ? ValueTask.CompletedTask
            : new(RefuseAsync("Too many requests from this address proved nothing.", cancellationToken));
    }

    public void Dispose()
    {
        _byName?.Dispose();
        if (_failures is { IsValueCreated: true })
        {
            _failures.Value.Dispose();
        }
    }

    private async Task RefuseAsync(string detail, CancellationToken cancellationToken)
    {
        ServerMetrics.Refused.Add(1);
        if (Interlocked.Increment(ref _waiting) <= MostWaiting)
        {
            await Task.Delay(Penalty, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Interlocked.Decrement(ref _waiting);
        throw new ProblemException(Problems.TooMany(detail));
    }

    private static PartitionedRateLimiter<T> Buckets<T>(int rate, int burst)
        where T : notnull =>
        PartitionedRateLimiter.Create<T, T>(key =>
            RateLimitPartition.GetTokenBucketLimiter(
                key,
                _ =>
                    new()
                    {
                        TokenLimit = burst,
                        TokensPerPeriod = Math.Max(1, rate / 10),
                        ReplenishmentPeriod = TimeSpan.FromMilliseconds(rate < 10 ? 1_000.0 / rate : 100),
                        AutoReplenishment = true,
                        QueueLimit = 0,
                    }
            )
        );

    private static int Number(IConfiguration configuration, string name, int usual) =>
        configuration[$"Threeport:Limits:{name}"] is not { Length: > 0 } text ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new SettingsException($"Threeport:Limits:{name}: \"{text}\" is no whole number.");
}
