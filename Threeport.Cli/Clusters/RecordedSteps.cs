using Threeport.Cli.Output;
using Threeport.Installation;

namespace Threeport.Cli.Clusters;

/// <summary>
/// Does steps one after the other, each recorded when it is done. The first of them only looks: until it is through there is nothing
/// to go on with or to take away, and nothing is recorded.
/// </summary>
internal sealed class RecordedSteps(Terminal terminal, InstallationRecord record)
{
    private readonly StepLines _lines = new(terminal, $"qleetctl up --name {record.Plan.Name}");

    public async Task RunAsync(IEnumerable<Step> steps, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await _lines.RunAsync(step, cancellationToken);
            record.Add(step.Name);
        }
    }
}
