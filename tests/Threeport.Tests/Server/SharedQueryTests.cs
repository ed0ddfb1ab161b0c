using Threeport.Server.Storage;

namespace Threeport.Tests.Server;

/// <summary>Who asks while queries are on their way shares the next one.</summary>
public sealed class SharedQueryTests
{
    private readonly List<(IReadOnlyList<int> Asked, TaskCompletionSource<IReadOnlyList<string>> Answer)> _queries = [];

    [SetUp]
    public void Forget() => _queries.Clear();

    [Test]
    public async Task At_rest_a_question_is_a_query_at_once()
    {
        var shared = New(atOnce: 1);
        var one = shared.AskAsync(1, CancellationToken.None);
        Assert.That(Asked(), Is.EqualTo(new[] { "1" }));
        Answer(0);
        Assert.That(await one, Is.EqualTo("answer 1"));
    }

    [Test]
    public async Task What_is_asked_meanwhile_shares_the_next_query_in_the_order_asked()
    {
        var shared = New(atOnce: 2, most: 3);
        var all = Enumerable.Range(1, 7).Select(i => shared.AskAsync(i, CancellationToken.None)).ToList();
        Assert.That(Asked(), Is.EqualTo(new[] { "1", "2" }), "two at once, then it waits");

        Answer(1);
        await UntilAsync(3);
        Answer(0);
        await UntilAsync(4);
        Assert.That(Asked()[2..], Is.EquivalentTo(new[] { "3 4 5", "6 7" }), "at most three share one");
        Answer(2);
        Answer(3);
        Assert.That(
            await Task.WhenAll(all),
            Is.EqualTo(Enumerable.Range(1, 7).Select(static i => $"answer {i}").ToArray())
        );
    }

    [Test]
    public async Task A_query_that_fails_fails_those_who_share_it_and_nobody_else()
    {
        var shared = New(atOnce: 1, most: 2);
        var all = Enumerable.Range(1, 4).Select(i => shared.AskAsync(i, CancellationToken.None)).ToList();
        Answer(0);
        await UntilAsync(2);
        _queries[1].Answer.SetException(new TimeoutException());
        await UntilAsync(3);
        Answer(2);
        Assert.That((await all[0], await all[3]), Is.EqualTo(("answer 1", "answer 4")));
        await Assert.ThrowsAsync<TimeoutException>(() => all[1]);
        await Assert.ThrowsAsync<TimeoutException>(() => all[2]);
    }

    [Test]
    public async Task Who_gives_up_waiting_is_not_asked_for_and_holds_up_nobody()
    {
        var shared = New(atOnce: 1);
        using var stop = new CancellationTokenSource();
        var first = shared.AskAsync(1, CancellationToken.None);
        var gone = shared.AskAsync(2, stop.Token);
        var last = shared.AskAsync(3, CancellationToken.None);
        await stop.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => gone);
        Answer(0);
        await UntilAsync(2);
        Answer(1);
        Assert.That((await first, await last), Is.EqualTo(("answer 1", "answer 3")));
        Assert.That(Asked(), Is.EqualTo(new[] { "1", "3" }));

        var after = shared.AskAsync(4, CancellationToken.None);
        Answer(2);
        Assert.That(await after, Is.EqualTo("answer 4"), "nothing is left running");
    }

    [Test]
    public async Task A_thousand_who_come_and_go_each_get_their_own_answer()
    {
        var shared = new SharedQuery<int, int>(
            async questions =>
            {
                await Task.Yield();
                return [.. questions.Select(static q => -q)];
            },
            atOnce: 2,
            most: 16
        );
        await Parallel.ForEachAsync(
            Enumerable.Range(1, 1_000),
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (i, cancellationToken) =>
            {
                using var stop = new CancellationTokenSource();
                var asked = shared.AskAsync(i, i % 3 == 0 ? stop.Token : cancellationToken);
                if (i % 3 == 0)
                {
                    await stop.CancelAsync();
                    await ((Task)asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
                else
                {
                    Assert.That(await asked, Is.EqualTo(-i));
                }
            }
        );
    }

    private SharedQuery<int, string> New(int atOnce, int most = 10) =>
        new(
            questions =>
            {
                var answer = new TaskCompletionSource<IReadOnlyList<string>>();
                lock (_queries)
                {
                    _queries.Add((questions, answer));
                }

                return answer.Task;
            },
            atOnce,
            most
        );

    private string[] Asked()
    {
        lock (_queries)
        {
            return [.. _queries.Select(static q => string.Join(' ', q.Asked))];
        }
    }

    private void Answer(int query) =>
        _queries[query].Answer.SetResult([.. _queries[query].Asked.Select(static q => $"answer {q}")]);

    private async Task UntilAsync(int queries)
    {
        while (Asked().Length < queries)
        {
            await Task.Yield();
        }
    }
}
