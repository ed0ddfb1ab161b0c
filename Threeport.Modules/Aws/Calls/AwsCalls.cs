using Amazon.Runtime;

namespace Threeport.Modules.Aws.Calls;

/// <summary>Ways to make a call.</summary>
internal static class AwsCalls
{
    /// <returns>False when it failed with one of the codes, which say that there is nothing to do.</returns>
    public static async Task<bool> UnlessAsync(string[] codes, Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (AmazonServiceException exception) when (codes.Contains(exception.ErrorCode, StringComparer.Ordinal))
        {
            return false;
        }
    }

    /// <returns>Null when there is no such thing.</returns>
    public static async Task<T?> OrNothingAsync<T>(Func<Task<T>> call)
        where T : class
    {
        try
        {
            return await call();
        }
        catch (AmazonServiceException exception)
            when (AwsFailure.Of(exception, CancellationToken.None) is { IsNotFound: true })
        {
            return null;
        }
    }
}
