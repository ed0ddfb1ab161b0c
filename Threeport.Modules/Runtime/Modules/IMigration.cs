namespace Threeport.Runtime;

/// <summary>Brings what is stored to the form that this version needs: a step of its own, before anything else starts.</summary>
public interface IMigration
{
    /// <summary>Does nothing when all is as it should be; safe to run from several replicas at once.</summary>
    Task ApplyAsync(CancellationToken cancellationToken);
}
