namespace Threeport.IntegrationTests.Faults;

/// <summary>
/// Counts the moments just before and just after each effect of a reconciler, and lets its process die at one of them: from
/// there on nothing that it does arrives, until it is started again. What it does again while it waits is one moment, not many.
/// </summary>
internal sealed class CrashPoints(int? dieAt = null)
{
    private readonly Lock _lock = new();
    private readonly List<string> _passed = [];

    /// <summary>What the resource goes through: the same effect in another phase is another one.</summary>
    public string Phase { get; set; } = "";

    /// <summary>What was passed, in order, each once.</summary>
    public IReadOnlyList<string> Passed
    {
        get
        {
            lock (_lock)
            {
                return [.. _passed];
            }
        }
    }

    public bool IsDead { get; private set; }

    /// <returns>Whether the process is dead by now.</returns>
    public bool Dies(string point)
    {
        lock (_lock)
        {
            var passed = $"{Phase}: {point}";
            if (!IsDead && !_passed.Contains(passed))
            {
                _passed.Add(passed);
                IsDead = _passed.Count == dieAt;
            }

            return IsDead;
        }
    }

    /// <summary>Another process takes over.</summary>
    public void Revive()
    {
        lock (_lock)
        {
            IsDead = false;
        }
    }
}

/// <summary>The test kills this reconciler before and after each of its effects.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KillsAttribute(Type reconciler) : Attribute
{
    public Type Reconciler => reconciler;
}
