using Threeport.Modules.Aws.Calls;

namespace Threeport.Tests.Aws;

/// <summary>How fast an account is asked that AWS throttles.</summary>
public sealed class PaceTests
{
    private Pace _pace = null!;

    [SetUp]
    public void Make() => _pace = new(slowest: 8);

    [Test]
    public void A_throttled_call_makes_those_that_follow_slower_to_a_limit()
    {
        var turns = new List<int>();
        for (var call = 0; call < 5; call++)
        {
            turns.Add(_pace.Turns);
            _pace.Answered(isThrottled: true);
        }

        Assert.That(turns, Is.EqualTo([1, 2, 4, 8, 8]));
    }

    [Test]
    public void Without_another_it_becomes_as_fast_as_before()
    {
        _pace.Answered(isThrottled: true);
        _pace.Answered(isThrottled: true);
        Answer(19);
        Assert.That(_pace.Turns, Is.EqualTo(4), "after nineteen");
        Answer(1);
        Assert.That(_pace.Turns, Is.EqualTo(2), "after twenty");
        Answer(60);
        Assert.That(_pace.Turns, Is.EqualTo(1));
    }

    [Test]
    public void One_that_comes_again_and_again_keeps_it_slow()
    {
        for (var call = 0; call < 30; call++)
        {
            _pace.Answered(isThrottled: true);
            Answer(9);
        }

        Assert.That(_pace.Turns, Is.EqualTo(8));
    }

    private void Answer(int calls)
    {
        for (var call = 0; call < calls; call++)
        {
            _pace.Answered(isThrottled: false);
        }
    }
}
