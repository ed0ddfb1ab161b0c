namespace Threeport.Server.Storage;

/// <summary>
/// One query for many who ask: whoever asks while <paramref name="atOnce"/> queries are on their way waits, and shares the next
/// one. At rest a question is a query at once; under load its costs are shared.
/// </summary>
/// <param name="query">Answers in the order asked; has a time limit of its own.</param>
/// <param name="atOnce">How many queries may be on their way.</param>
/// <param name="most">How many questions share one.</param>
internal sealed class SharedQuery<TQuestion, TAnswer>(
    Func<IReadOnlyList<TQuestion>, Task<IReadOnlyList<TAnswer>>> query,
    int atOnce,
    int most
)
{
    private readonly Lock _gate = new();
    private readonly Queue<Waiter> _waiting = new();
    private int _running;

    /// <summary>A query that has begun is not stopped by the token: others wait for it.</summary>
    public async Task<TAnswer> AskAsync(TQuestion question, CancellationToken cancellationToken)
    {
        var own = new Waiter(question);
        if (!MayLead(own) && !await TurnAsync(own, cancellationToken))
        {
            return await own.Answer.Task;
        }

        var batch = Gather(own);
        try
        {
            var answers = await query([.. batch.Select(static w => w.Question)]);
            for (var i = 1; i < batch.Count; i++)
            {
                batch[i].Answer.SetResult(answers[i]);
            }

            return answers[0];
        }
        catch (Exception exception)
        {
            foreach (var waiter in batch.Skip(1))
            {
                waiter.Answer.SetException(exception);
            }

            throw;
        }
        finally
        {
            HandOver();
        }
    }

    private bool MayLead(Waiter own)
    {
        lock (_gate)
        {
            if (_running < atOnce)
            {
                _running++;
                return true;
            }

            _waiting.Enqueue(own);
            return false;
        }
    }

    /// <returns>True when it is this one's turn to ask for others too; false when another's query has it.</returns>
    private async Task<bool> TurnAsync(Waiter own, CancellationToken cancellationToken)
    {
        try
        {
            return await own.Leads.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                if (!own.Leads.Task.IsCompleted)
                {
                    own.Gone = true;
                    throw;
                }
            }

            // Both at once: whoever was given the turn has to take it.
            return await own.Leads.Task;
        }
    }

    private List<Waiter> Gather(Waiter own)
    {
        var batch = new List<Waiter> { own };
        lock (_gate)
        {
            while (batch.Count < most && Next() is { } waiter)
            {
                waiter.Leads.SetResult(false);
                batch.Add(waiter);
            }
        }

        return batch;
    }

    private void HandOver()
    {
        lock (_gate)
        {
            if (Next() is { } waiter)
            {
                waiter.Leads.SetResult(true);
            }
            else
            {
                _running--;
            }
        }
    }

    private Waiter? Next()
    {
        while (_waiting.TryDequeue(out var waiter))
        {
            if (!waiter.Gone)
            {
                return waiter;
            }
        }

        return null;
    }

    private sealed class Waiter(TQuestion question)
    {
        public TQuestion Question { get; } = question;

        public TaskCompletionSource<bool> Leads { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Gone { get; set; }
    }
}
