using Amazon.EKS.Model;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Stack;

/// <summary>
/// One pass over the stack: does what can be done, at once what can be at once, until there is nothing but waiting. That something is made is
/// written down before it is asked for, and what came of it after; so whoever follows a pass that died knows of all that there may be.
/// </summary>
internal sealed class StackRun(
    StackContext context,
    IReadOnlyList<string> wanted,
    Func<CancellationToken, Task> checkpoint,
    TimeProvider time
)
{
    private const int AtOnce = 8;

    /// <summary>A pass is no place to live in: the next one goes on.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly StackRecord _record = new(context, wanted, time);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < Longest)
        {
            _record.Change();
            var plan = StackPlan.For(wanted, _record.All, time.GetUtcNow());
            if (plan.IsEmpty)
            {
                break;
            }

            // What may be there is looked for first: only then is it known what is to be done.
            await (plan.Find.Count > 0 ? FindAsync(plan.Find, cancellationToken) : StepAsync(plan, cancellationToken));
        }

        _record.Store();
    }

    private async Task FindAsync(IReadOnlyList<StackResource> resources, CancellationToken cancellationToken)
    {
        await AllAsync(
            resources,
            async (resource, step) =>
            {
                if (await step.FindAsync(context, resource, cancellationToken) is { } made)
                {
                    _record.Made(resource, step, made);
                }
                else if (step.IsRepeatable && _record.CanMake(resource))
                {
                    // The same call as the one whose answer was lost: AWS makes one of both.
                    _record.Made(resource, step, await step.CreateAsync(context, resource, cancellationToken));
                }
                else
                {
                    _record.NotFound(resource);
                }
            },
            isCreating: false,
            cancellationToken
        );
        await CheckpointAsync(cancellationToken);
    }

    private async Task StepAsync(StackPlan plan, CancellationToken cancellationToken)
    {
        var begun = plan.Create.Select(_record.Intend).ToList();
        if (begun.Count > 0)
        {
            await CheckpointAsync(cancellationToken);
        }

        var creating = AllAsync(
            begun,
            async (resource, step) =>
                _record.Made(resource, step, await step.CreateAsync(context, resource, cancellationToken)),
            isCreating: true,
            cancellationToken
        );
        var looking = AllAsync(
            plan.Look,
            async (resource, step) =>
                _record.Looked(resource, await step.LookAsync(context, resource, cancellationToken)),
            isCreating: false,
            cancellationToken
        );
        var deleting = AllAsync(
            plan.Delete,
            async (resource, step) =>
                _record.Deleted(
                    resource,
                    resource.Id is null || await step.DeleteAsync(context, resource, cancellationToken)
                ),
            isCreating: false,
            cancellationToken
        );
        await Task.WhenAll(creating, looking, deleting);
        if (begun.Count > 0)
        {
            await CheckpointAsync(cancellationToken);
        }
        else
        {
            _record.Store();
        }
    }

    private Task AllAsync(
        IReadOnlyList<StackResource> resources,
        Func<StackResource, StackStep, Task> action,
        bool isCreating,
        CancellationToken cancellationToken
    ) =>
        Parallel.ForEachAsync(
            resources,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (resource, _) =>
            {
                try
                {
                    await action(resource, StackSteps.Of(resource.Step));
                }
                catch (NotSeenYetException exception)
                {
                    _record.Later(resource, StackTrouble.Settling, exception.Message);
                }
                catch (NotOursException exception)
                {
                    _record.Failed(resource, StackTrouble.NameTaken, exception.Message);
                }
                catch (UnsupportedAvailabilityZoneException exception)
                {
                    _record.Refuse(resource, exception.ValidZones ?? []);
                }
                catch (Exception exception) when (AwsFailure.Of(exception, cancellationToken) is { } failure)
                {
                    _record.Met(resource, failure, isCreating);
                }
            }
        );

    private Task CheckpointAsync(CancellationToken cancellationToken)
    {
        _record.Store();
        return checkpoint(cancellationToken);
    }
}
