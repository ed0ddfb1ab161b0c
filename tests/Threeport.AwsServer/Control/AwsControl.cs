using Threeport.AwsServer.Faults;
using Threeport.AwsServer.State;

namespace Threeport.AwsServer.Control;

/// <summary>How a test steers the imitation and sees what came of it. The same over HTTP is below <c>/_control</c>.</summary>
public sealed class AwsControl
{
    private readonly Cloud _cloud;
    private readonly FaultPlan _faults;
    private readonly CallLog _log;
    private readonly AwsHooks _hooks;

    internal AwsControl(Cloud cloud, FaultPlan faults, CallLog log, AwsHooks hooks)
    {
        _cloud = cloud;
        _faults = faults;
        _log = log;
        _hooks = hooks;
    }

    /// <summary>
    /// Awaited before a call has any effect, faults included. False closes the connection, and nothing happens: what a caller killed
    /// before the call would have done.
    /// </summary>
    public Func<AwsCall, ValueTask<bool>>? BeforeCall
    {
        get => _hooks.Before;
        set => _hooks.Before = value;
    }

    /// <summary>Awaited when a call has had its effect and before it is answered. False closes the connection.</summary>
    public Func<AwsCall, ValueTask<bool>>? AfterCall
    {
        get => _hooks.After;
        set => _hooks.After = value;
    }

    /// <summary>The faults in force.</summary>
    public IReadOnlyList<AwsFault> Faults => _faults.All;

    /// <summary>What holds for all.</summary>
    public AwsSettings Settings => Locked(() => _cloud.Settings);

    /// <summary>The calls since the log was last cleared.</summary>
    public IReadOnlyList<AwsCall> Calls => _log.All;

    /// <summary>How often each action was called: <c>ec2:CreateVpc</c>, …</summary>
    public IReadOnlyDictionary<string, int> Counts => Calls.CountBy(static call => call.Action).ToDictionary();

    /// <summary>All that exists, but not what a VPC comes with.</summary>
    public IReadOnlyList<AwsResource> Resources => Locked(() => Inventory.Of(_cloud));

    /// <summary>Puts a fault in.</summary>
    public void Add(AwsFault fault) => _faults.Add(fault);

    /// <summary>A fraction of calls is throttled.</summary>
    public void Throttle(double fraction, string actions = "*") =>
        Add(new AwsFault(AwsFaultEffect.Throttle, actions) { Fraction = fraction });

    /// <summary>The n-th call of each operation fails as the service's own failure.</summary>
    public void FailOnce(int call = 1, string actions = "*", int status = 500) =>
        Add(new AwsFault(AwsFaultEffect.Fail, actions) { Call = call, Status = status });

    /// <summary>Each such call fails with that error.</summary>
    public void FailAlways(string actions, string code, string message, int status = 400) =>
        Add(
            new AwsFault(AwsFaultEffect.Fail, actions)
            {
                Code = code,
                Message = message,
                Status = status,
            }
        );

    /// <summary>The n-th call of each operation has its effect and no answer.</summary>
    public void LoseAnswer(string actions = "*", int call = 1) =>
        Add(new AwsFault(AwsFaultEffect.LoseAnswer, actions) { Call = call });

    /// <summary>Takes all faults out.</summary>
    public void ClearFaults() => _faults.Clear();

    /// <summary>Changes what holds for all.</summary>
    public void Configure(Func<AwsSettings, AwsSettings> change) =>
        Locked(() => _cloud.Settings = change(_cloud.Settings));

    /// <summary>Nobody in the account may do it any more: <c>ec2:CreateVpc</c>, <c>iam:*</c>.</summary>
    public void Deny(string account, string action) => Locked(() => _cloud.Account(account).Denied.Add(action));

    /// <summary>Takes a <see cref="Deny"/> back.</summary>
    public void Allow(string account, string action) => Locked(() => _cloud.Account(account).Denied.Remove(action));

    /// <summary>Empties the log; numbers begin again.</summary>
    public void ClearCalls() => _log.Clear();

    /// <summary>The keys (JWKS) that tokens of an issuer are verified with.</summary>
    public void SetIssuerKeys(string issuer, string keys) =>
        Locked(() =>
        {
            _cloud.SetIssuerKeys(issuer, keys);
            return true;
        });

    /// <summary>What a Service of type LoadBalancer leaves in the VPC: a security group and network interfaces.</summary>
    /// <returns>The id of the security group.</returns>
    public string AddLoadBalancer(AwsCluster cluster) => Locked(() => Leftovers.AddLoadBalancer(_cloud, cluster));

    /// <summary>Takes it away, as the controller in the cluster does when the Service goes.</summary>
    public void RemoveLoadBalancer(AwsCluster cluster, string group) =>
        Locked(() => Leftovers.RemoveLoadBalancer(_cloud, cluster, group));

    /// <summary>What a PersistentVolumeClaim leaves: a volume tagged with the cluster.</summary>
    /// <returns>The id of the volume.</returns>
    public string AddVolume(AwsCluster cluster) => Locked(() => Leftovers.AddVolume(_cloud, cluster));

    private T Locked<T>(Func<T> act)
    {
        lock (_cloud.Gate)
        {
            _cloud.Timeline.Advance();
            return act();
        }
    }
}
