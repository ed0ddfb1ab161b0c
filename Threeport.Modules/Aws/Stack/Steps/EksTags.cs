using Amazon.EKS.Model;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

namespace Threeport.Modules.Aws.Stack.Steps;

/// <summary>The tags of what is of EKS: its describing shows them.</summary>
internal static class EksTags
{
    /// <summary>Puts back what is not as it should be.</summary>
    public static async Task KeepAsync(
        StackContext context,
        StackResource resource,
        Dictionary<string, string>? there,
        CancellationToken cancellationToken
    )
    {
        var missing = context
            .Tags(resource.Step)
            .Where(t => there?.GetValueOrDefault(t.Key) != t.Value)
            .ToDictionary(static t => t.Key, static t => t.Value, StringComparer.Ordinal);
        if (missing.Count > 0)
        {
            var request = new TagResourceRequest { ResourceArn = resource.Arn, Tags = missing };
            await context.Clients.Eks.TagResourceAsync(request, cancellationToken);
        }
    }
}
