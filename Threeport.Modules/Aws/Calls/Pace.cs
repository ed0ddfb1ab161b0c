namespace Threeport.Modules.Aws.Calls;

/// <summary>How many turns a call takes: twice as many after each that AWS throttled, half as many after a while without one.</summary>
/// <param name="slowest">How many at most.</param>
internal sealed class Pace(int slowest)
{
    private const int Calm = 20;

    private readonly Lock _lock = new();
    private int _turns = 1;
    private int _calm;

    public int Turns
    {
        get
        {
            lock (_lock)
            {
                return _turns;
            }
        }
    }

    public void Answered(bool isThrottled)
    {
        lock (_lock)
        {
            _calm = isThrottled ? 0 : _calm + 1;
            if (isThrottled)
            {
                _turns = Math.Min(_turns * 2, slowest);
            }
            else if (_calm == Calm)
            {
                (_turns, _calm) = (Math.Max(_turns / 2, 1), 0);
            }
        }
    }
}
