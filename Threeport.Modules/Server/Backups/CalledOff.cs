using Npgsql;

namespace Threeport.Server.Backups;

/// <summary>A COPY that is left before its end is called off: to dispose of it would read the rest, or say that there is none.</summary>
internal static class CalledOff
{
    /// <summary>What goes wrong with it is of no interest: whoever left it says why, and its transaction is rolled back anyway.</summary>
    public static async Task CopyAsync(Func<Task> cancel)
    {
        try
        {
            await cancel();
        }
        catch (Exception e)
            when (e
                    is NpgsqlException
                        or ObjectDisposedException
                        or InvalidOperationException
                        or IOException
                        or OperationCanceledException
            ) { }
    }
}
