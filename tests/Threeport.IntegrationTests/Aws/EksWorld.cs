using Threeport.Api;
using Threeport.AwsServer;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Modules.Aws.AwsAccounts;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeDefinitions;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Calls;
using Threeport.Runtime;
using EksOptions = Threeport.Modules.Aws.AwsOptions;

namespace Threeport.IntegrationTests.Aws;

/// <summary>
/// One cluster at an AWS of its own, reconciled by processes that can be killed at any call: what a dead one has in flight does not
/// arrive, and what it had not stored is forgotten.
/// </summary>
internal sealed class EksWorld : IAsyncDisposable
{
    public const string Name = "shop";
    public const string Region = "eu-central-1";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly MemoryResources _resources = new();
    private readonly EksOptions _options;
    private AwsClients _clients;
    private CancellationTokenSource _life = new();
    private int? _dieAt;
    private bool _diesAfter;
    private int? _fatalCall;

    private EksWorld(AwsEndpoint aws, EksOptions options)
    {
        Aws = aws;
        _options = options with { Endpoint = aws.Address };
        _clients = new(_options);
        _resources.Dies = _ => _life.IsCancellationRequested;
        aws.Control.BeforeCall = call => Pass(call, before: true);
        aws.Control.AfterCall = call => Pass(call, before: false);
    }

    public AwsEndpoint Aws { get; }

    public IReadOnlyList<ResourceEventRecord> Events => [.. _resources.Events.Select(static e => e.Event)];

    /// <summary>The calls that were made, in order, each by its action.</summary>
    public List<string> Made { get; } = [];

    /// <summary>How many calls were made since it was last said when the process dies.</summary>
    public int Calls { get; private set; }

    /// <summary>Steps that made something more than once.</summary>
    public IEnumerable<string> Twice =>
        Aws
            .Control.Resources.Select(static r => r.Tags.GetValueOrDefault("threeport.io/step"))
            .OfType<string>()
            .CountBy(static step => step)
            .Where(static c => c.Value > 1)
            .Select(static c => c.Key);

    /// <summary>Whether the process was killed.</summary>
    public bool WasKilled { get; private set; }

    /// <summary>With all that is waited for short.</summary>
    public static EksOptions Fast { get; } =
        new()
        {
            PollEvery = TimeSpan.FromMilliseconds(100),
            AgainAfter = TimeSpan.FromMilliseconds(100),
            Grace = TimeSpan.FromMilliseconds(400),
            RetryFailedAfter = TimeSpan.FromMilliseconds(300),
            KubernetesLimit = TimeSpan.FromSeconds(2),
            CallsPerSecond = 500,
        };

    public static async Task<EksWorld> StartAsync(
        AwsSettings? settings = null,
        EksOptions? options = null,
        AwsEksKubernetesRuntimeDefinitionSpec? definition = null
    )
    {
        var aws = await AwsEndpoint.StartAsync(new() { Settings = settings ?? new() });
        var world = new EksWorld(aws, options ?? Fast);
        var account = AwsAccountOptions.Default;
        world._resources.Put(
            new AwsAccount
            {
                Name = "main",
                Spec = new()
                {
                    AccountId = account.Id,
                    DefaultRegion = Region,
                    AccessKeyId = account.AccessKeys[0].Id,
                    SecretAccessKey = account.AccessKeys[0].Secret,
                },
                Status = new() { Principal = $"arn:aws:iam::{account.Id}:user/threeport" },
                Conditions = [new(Condition.ReadyType, ConditionStatus.True, "Ready", "")],
            }
        );
        world.Define(definition ?? new());
        world._resources.Put(
            new AwsEksKubernetesRuntimeInstance
            {
                Name = Name,
                Spec = new() { AwsEksKubernetesRuntimeDefinition = "small", Region = Region },
            }
        );
        return world;
    }

    /// <summary>For what somebody else does at AWS.</summary>
    public RegionClients Clients => _clients.For(_resources.Get<AwsAccount>("main"), Region);

    public AwsEksKubernetesRuntimeInstance Eks => _resources.Get<AwsEksKubernetesRuntimeInstance>(Name);

    public void Define(AwsEksKubernetesRuntimeDefinitionSpec definition) =>
        _resources.Put(
            new AwsEksKubernetesRuntimeDefinition { Name = "small", Spec = definition with { AwsAccount = "main" } }
        );

    /// <summary>The account's credentials are somebody else's from now on, as its reconciler finds out.</summary>
    public async Task BecomeAsync(string principal)
    {
        var account = _resources.Get<AwsAccount>("main");
        account.Status.Principal = principal;
        // What is put over another keeps that one's status.
        await _resources.DeleteAsync<AwsAccount>("main", CancellationToken.None);
        _resources.Put(account);
    }

    /// <summary>The process dies just before, or just after, its n-th call from now.</summary>
    public void KillAt(int call, bool after)
    {
        (Calls, _dieAt, _diesAfter, _fatalCall, WasKilled) = (0, call, after, null, false);
    }

    public Task ReadyAsync() => UntilAsync("ready", static r => r.IsReady);

    /// <summary>Asks for the end, and passes until it is there.</summary>
    public Task GoneAsync()
    {
        Delete();
        return UntilAsync("gone", static r => r.IsReady);
    }

    public void Delete() => _resources.MarkDeleted<AwsEksKubernetesRuntimeInstance>(Name);

    /// <summary>Passes until the process dies.</summary>
    public Task UntilKilledAsync() => UntilAsync("killed", _ => false, untilKilled: true);

    /// <summary>Passes, each when it is due, until one comes out as wanted.</summary>
    public async Task UntilAsync(string what, Func<Result, bool> isDone, bool untilKilled = false)
    {
        Result? last = null;
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Limit)
        {
            try
            {
                last = await PassAsync();
                if (isDone(last))
                {
                    return;
                }
            }
            catch (Exception) when (_life.IsCancellationRequested)
            {
                WasKilled = true;
                Restart();
                if (untilKilled)
                {
                    return;
                }
            }

            var due = last?.RequeueAfter ?? TimeSpan.FromMilliseconds(50);
            await Task.Delay(due < TimeSpan.FromSeconds(1) ? due : TimeSpan.FromSeconds(1));
        }

        Assert.Fail($"It is not {what}: {last}; {string.Join("; ", Made.TakeLast(10))}");
    }

    /// <summary>One pass.</summary>
    public Task<Result> PassAsync() =>
        _resources.PassAsync(
            new AwsEksKubernetesRuntimeInstanceReconciler(_resources, _clients, _options, TimeProvider.System),
            Name,
            Eks.DeletionRequestedAt is not null,
            _life.Token
        );

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        _life.Dispose();
        await Aws.DisposeAsync();
    }

    private void Restart()
    {
        _life.Dispose();
        _life = new();
        _clients.Dispose();
        _clients = new(_options);
    }

    private ValueTask<bool> Pass(AwsCall call, bool before)
    {
        lock (Made)
        {
            if (_life.IsCancellationRequested)
            {
                return ValueTask.FromResult(false);
            }

            if (before)
            {
                Made.Add(call.Action);
                // Others may come between this call and its effect: it is known by its number.
                _fatalCall = ++Calls == _dieAt ? call.Number : _fatalCall;
            }

            if (call.Number != _fatalCall || before == _diesAfter)
            {
                return ValueTask.FromResult(true);
            }

            _fatalCall = null;
            _life.Cancel();
            return ValueTask.FromResult(false);
        }
    }
}
