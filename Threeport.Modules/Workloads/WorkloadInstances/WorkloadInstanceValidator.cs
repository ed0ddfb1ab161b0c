using FluentValidation;

namespace Threeport.Modules.Workloads.WorkloadInstances;

internal sealed class WorkloadInstanceValidator : AbstractValidator<WorkloadInstance>
{
    public WorkloadInstanceValidator()
    {
        RuleFor(static x => x.Spec.WorkloadDefinition)
            .NotEmpty()
            .WithMessage("Name the workload-definition that is deployed.");
        RuleFor(static x => x.Spec.DriftPolicy)
            .Must(static p => p is DriftPolicies.Repair or DriftPolicies.Report)
            .WithMessage("Must be Repair or Report.");
    }
}
