using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Stack;

/// <summary>What is recorded of a stack, and what each thing that happens to it means for that. Asks nobody; safe to tell several things at once.</summary>
internal sealed class StackRecord(StackContext context, IReadOnlyList<string> wanted, TimeProvider time)
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly List<StackResource> _all = [.. context.Status.Inventory];

    public IReadOnlyList<StackResource> All => _all;

    /// <summary>
    /// The record may be older than the world: what it does not have may be there, and is looked for before it is made. Numbers of attempts that
    /// it does not know of are not used again.
    /// </summary>
    public static void Doubt(StackContext context, IReadOnlyList<string> wanted)
    {
        const int unknownAttempts = 1000;
        var status = context.Status;
        status.Attempts += unknownAttempts;
        status.Inventory =
        [
            .. status.Inventory,
            .. wanted
                .Where(key => context.Find(key) is null)
                .Select(key => new StackResource
                {
                    Step = key,
                    Type = StackSteps.Of(key).Type,
                    State = StackState.Intended,
                    Since = DateTimeOffset.UnixEpoch,
                    Attempt = ++status.Attempts,
                    Settings = StackSteps.Of(key).Settings(context),
                }),
        ];
    }

    /// <summary>Puts it into the status, for the next checkpoint.</summary>
    public void Store() => context.Status.Inventory = [.. _all];

    /// <summary>What is asked to be something else than before: once all is at rest, and the control plane of the cluster first.</summary>
    public void Change()
    {
        if (_all.Count == 0 || !_all.All(static r => r.State is StackState.Ready))
        {
            return;
        }

        var changed = _all.Where(r => wanted.Contains(r.Step))
            .Select(r => (Resource: r, Settings: StackSteps.Of(r.Step).Settings(context)))
            .Where(static c => !AreSame(c.Resource.Settings, c.Settings))
            .ToList();
        var first = changed.Where(static c => c.Resource.Step == StackKey.Cluster).ToList();
        foreach (var (resource, settings) in first.Count > 0 ? first : changed)
        {
            Turn(resource, StackState.Making, "updating");
            (resource.Settings, resource.IsChanging) = (settings, true);
        }
    }

    /// <summary>It is about to be asked for.</summary>
    public StackResource Intend(string step)
    {
        var kind = StackSteps.Of(step);
        var resource = _all.FirstOrDefault(r => r.Step == step);
        if (resource is null)
        {
            _all.Add(resource = new() { Step = step, Type = kind.Type });
        }

        Turn(resource, StackState.Intended, detail: null);
        resource.Attempt = ++context.Status.Attempts;
        resource.Settings = kind.Settings(context);
        return resource;
    }

    /// <summary>Whether it is wanted, and all that it needs is there.</summary>
    public bool CanMake(StackResource resource)
    {
        lock (_lock)
        {
            return wanted.Contains(resource.Step)
                && wanted
                    .Where(other => StackKey.Needs(resource.Step, other))
                    .All(other => _all.Any(r => r.Step == other && r.State is StackState.Ready));
        }
    }

    /// <summary>It is there.</summary>
    public void Made(StackResource resource, StackStep step, Made made)
    {
        Turn(resource, StackState.Making, detail: null);
        (resource.Id, resource.Arn, resource.MadeAt) = (made.Id, made.Arn, resource.Since);
        resource.LookAt = step.TakesTime ? resource.Since + context.Options.PollEvery : null;
    }

    /// <summary>
    /// It may have been made, and is not to be found. For a while it may yet show up, as what AWS made is not seen everywhere at once; after
    /// that it never was.
    /// </summary>
    public void NotFound(StackResource resource)
    {
        var until = resource.Since + context.Options.Grace;
        var now = time.GetUtcNow();
        if (now >= until)
        {
            Remove(resource);
            return;
        }

        var again = now + context.Options.AgainAfter;
        resource.LookAt = again < until ? again : until;
        (resource.Trouble, resource.Detail) = (StackTrouble.Settling, "looking for what may have been made");
    }

    /// <summary>It was looked at.</summary>
    public void Looked(StackResource resource, Look look)
    {
        switch (look.Sight)
        {
            case Sight.Ready:
                Turn(resource, StackState.Ready, detail: null);
                (resource.IsChanging, resource.Failures) = (false, 0);
                Lead(resource);
                break;
            case Sight.Busy:
                (resource.Trouble, resource.Detail) = (look.Trouble, look.Detail);
                resource.LookAt = time.GetUtcNow() + context.Options.PollEvery;
                break;
            case Sight.Failed:
                Failed(resource, StackTrouble.Failed, look.Detail ?? "");
                break;
            default:
                Missed(resource);
                break;
        }
    }

    /// <summary>Its end was asked for, or is there.</summary>
    public void Deleted(StackResource resource, bool isGone)
    {
        if (!isGone)
        {
            if (resource.State is not StackState.Deleting)
            {
                Turn(resource, StackState.Deleting, detail: null);
            }

            resource.Trouble = null;
            resource.LookAt = time.GetUtcNow() + context.Options.PollEvery;
        }
        else if (resource.Failures > 0 && wanted.Contains(resource.Step))
        {
            // Taken down because it failed: asked for again, and it is remembered how often that was.
            Turn(resource, StackState.Failed, resource.Detail);
            (resource.Id, resource.Arn) = (null, null);
        }
        else
        {
            Remove(resource);
        }
    }

    /// <summary>It will not get there: it is tried anew after a while, longer each time.</summary>
    public void Failed(StackResource resource, string trouble, string detail)
    {
        Turn(resource, StackState.Failed, detail);
        var after = context.Options.RetryFailedAfter * Math.Pow(2, Math.Min(resource.Failures++, 10));
        resource.Trouble = trouble;
        resource.LookAt = resource.Since + (after < LongestRetry ? after : LongestRetry);
    }

    /// <summary>In a moment.</summary>
    public void Later(StackResource resource, string trouble, string detail)
    {
        (resource.Trouble, resource.Detail) = (trouble, detail);
        resource.LookAt = time.GetUtcNow() + context.Options.AgainAfter;
    }

    /// <summary>A call for it failed.</summary>
    /// <param name="resource">What it was for.</param>
    /// <param name="failure">How.</param>
    /// <param name="isCreating">It was the call that makes it, and the only one.</param>
    public void Met(StackResource resource, AwsFailure failure, bool isCreating)
    {
        var trouble = StackTrouble.Of(failure);
        var detail = StackTrouble.Describe(failure, context.Clients.Region);
        if (resource.State is StackState.Intended)
        {
            Unmade(resource, failure, isCreating, trouble, detail);
        }
        else if (failure.IsNotFound)
        {
            Gone(resource, detail);
        }
        else if (StackTrouble.Passes(trouble))
        {
            Later(resource, trouble, detail);
        }
        else
        {
            (resource.Trouble, resource.Detail) = (trouble, detail);
            resource.LookAt = time.GetUtcNow() + context.Options.RetryFailedAfter;
        }
    }

    /// <summary>EKS does not take all of the zones: others are chosen, and what was made in those goes.</summary>
    public void Refuse(StackResource resource, IReadOnlyCollection<string> valid)
    {
        var refused = context.Status.Zones.Select(static z => z.Name).Except(valid);
        context.Status.RefusedZones = [.. context.Status.RefusedZones.Union(refused)];
        Turn(resource, StackState.Failed, $"EKS takes no {string.Join(", ", context.Status.RefusedZones)}");
        resource.LookAt = resource.Since + context.Options.AgainAfter;
        resource.Trouble = StackTrouble.Refused;
    }

    /// <summary>What leads to something that was made anew has to be led there.</summary>
    private void Lead(StackResource resource)
    {
        lock (_lock)
        {
            var behind = _all.Where(o =>
                o.State is StackState.Ready && o.MadeAt < resource.MadeAt && StackKey.Needs(o.Step, resource.Step)
            );
            foreach (var other in behind)
            {
                Turn(other, StackState.Making, "following what was made anew");
            }
        }
    }

    private void Unmade(StackResource resource, AwsFailure failure, bool isCreating, string trouble, string detail)
    {
        if (!isCreating || !failure.IsDefinite)
        {
            // Nobody knows what became of it.
            Later(resource, trouble, detail);
            return;
        }

        if (StackTrouble.Passes(trouble) && !IsOverdue(resource, trouble))
        {
            Turn(resource, StackState.Failed, detail);
            resource.Trouble = trouble;
            resource.LookAt = resource.Since + context.Options.AgainAfter;
            return;
        }

        Failed(resource, trouble, detail);
    }

    /// <summary>A role that EKS has not heard of for minutes is not just new.</summary>
    private bool IsOverdue(StackResource resource, string trouble)
    {
        if (trouble != StackTrouble.RoleNotUsable)
        {
            return false;
        }

        lock (_lock)
        {
            return _all.Where(r => r.Id is not null && r.Type == "role" && StackKey.Needs(resource.Step, r.Step))
                .All(r => r.MadeAt + context.Options.RoleLimit < time.GetUtcNow());
        }
    }

    /// <summary>What the call was for, or something that it is to be joined to, is not there, says AWS.</summary>
    private void Gone(StackResource resource, string detail)
    {
        if (resource.State is StackState.Deleting or StackState.Failed)
        {
            Deleted(resource, isGone: true);
        }
        else if (IsYoung(resource))
        {
            Later(resource, StackTrouble.Settling, detail);
        }
        else if (wanted.Contains(resource.Step))
        {
            // Which of the two, the tags tell.
            Turn(resource, StackState.Intended, detail);
        }
        else
        {
            Remove(resource);
        }
    }

    /// <summary>Just made, it may not be seen everywhere yet; later, somebody took it away, and it is made anew.</summary>
    private void Missed(StackResource resource)
    {
        if (IsYoung(resource))
        {
            Later(resource, StackTrouble.Settling, "not seen everywhere yet");
        }
        else
        {
            Remove(resource);
        }
    }

    private bool IsYoung(StackResource resource) => time.GetUtcNow() < resource.MadeAt + context.Options.Grace;

    private void Remove(StackResource resource)
    {
        lock (_lock)
        {
            _all.Remove(resource);
        }
    }

    private void Turn(StackResource resource, StackState state, string? detail)
    {
        (resource.State, resource.Since) = (state, time.GetUtcNow());
        (resource.Detail, resource.Trouble, resource.LookAt) = (detail, null, null);
    }

    private static bool AreSame(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
        a.Count == b.Count && a.All(pair => b.GetValueOrDefault(pair.Key) == pair.Value);
}
