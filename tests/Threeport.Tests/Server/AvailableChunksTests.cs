using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Threeport.Server.Watching;

namespace Threeport.Tests.Server;

/// <summary>What is there already is taken together.</summary>
public sealed class AvailableChunksTests
{
    [Test]
    public async Task What_is_there_is_one_chunk_and_what_comes_later_another()
    {
        var source = Channel.CreateUnbounded<int>();
        foreach (var i in Enumerable.Range(1, 5))
        {
            source.Writer.TryWrite(i);
        }

        var chunks = new List<string>();
        await foreach (var chunk in source.Reader.ReadAllAsync().InChunks(3, CancellationToken.None))
        {
            chunks.Add(string.Join(' ', chunk));
            if (chunks.Count == 2)
            {
                source.Writer.TryWrite(6);
                source.Writer.Complete();
            }
        }

        Assert.That(chunks, Is.EqualTo(new[] { "1 2 3", "4 5", "6" }));
    }

    [Test]
    public async Task Who_leaves_early_leaves_the_source_at_rest()
    {
        var ended = false;
        await foreach (var chunk in EndlessAsync().InChunks(10, CancellationToken.None))
        {
            Assert.That(chunk, Is.EqualTo(new[] { 1 }));
            break;
        }

        Assert.That(ended, Is.True);
        return;

        async IAsyncEnumerable<int> EndlessAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            try
            {
                yield return 1;
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                ended = true;
            }
        }
    }

    [Test]
    public async Task A_source_that_fails_fails_after_what_it_gave()
    {
        var chunks = new List<int>();
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var chunk in FailingAsync().InChunks(10, CancellationToken.None))
            {
                chunks.AddRange(chunk);
            }
        });
        Assert.That(chunks, Is.EqualTo(new[] { 1 }));

        static async IAsyncEnumerable<int> FailingAsync()
        {
            yield return 1;
            await Task.Yield();
            throw new InvalidOperationException();
        }
    }
}
