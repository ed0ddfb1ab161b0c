namespace Threeport.AwsServer.Control;

/// <summary>What was called, in the order in which it came.</summary>
internal sealed class CallLog(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, AwsCall> _calls = [];
    private int _last;

    /// <summary>Those that are over, and those that are under way without an outcome.</summary>
    public IReadOnlyList<AwsCall> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls.Values];
            }
        }
    }

    public AwsCall Begin(string account, string region, string service, string operation)
    {
        lock (_gate)
        {
            var call = new AwsCall(++_last, clock.GetUtcNow(), account, region, service, operation);
            _calls.Add(call.Number, call);
            return call;
        }
    }

    public void End(AwsCall call)
    {
        lock (_gate)
        {
            // The log may have been cleared meanwhile.
            if (_calls.TryGetValue(call.Number, out var begun) && begun.Time == call.Time)
            {
                _calls[call.Number] = call;
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _calls.Clear();
            _last = 0;
        }
    }
}
