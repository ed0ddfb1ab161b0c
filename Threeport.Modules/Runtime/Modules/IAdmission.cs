using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>Completes a resource before it is validated and stored: fills in what a user left out.</summary>
public interface IAdmission<in T>
    where T : Resource, IKind
{
    /// <param name="resource">As it would be stored; may be changed.</param>
    /// <param name="current">As it is stored now, or null when it is new.</param>
    /// <param name="cancellationToken">The request's.</param>
    ValueTask AdmitAsync(T resource, T? current, CancellationToken cancellationToken);
}
