using System.Text.Json.Nodes;
using Threeport.Cli.Output;

namespace Threeport.Cli.Clusters;

/// <summary>
/// A token that a kubeconfig's command gives for a quarter of an hour, say, while an installation takes longer: the command is run again shortly
/// before the last one ends.
/// </summary>
/// <param name="exec">The command.</param>
/// <param name="file">The kubeconfig that names it.</param>
/// <param name="first">What it gave first.</param>
/// <param name="ends">When that ends.</param>
internal sealed class RenewedToken(JsonObject exec, string file, string first, DateTimeOffset ends)
{
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(3);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private (string Token, DateTimeOffset Ends) _last = (first, ends);

    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (TimeProvider.System.GetUtcNow() > _last.Ends - Before)
            {
                var user = new JsonObject();
                var until = await CredentialCommand.AddAsync(user, exec, file, cancellationToken);
                // One that says no end is asked for again in a while, since the first did.
                _last = (user["token"].Text(), until ?? TimeProvider.System.GetUtcNow() + 3 * Before);
            }

            return _last.Token;
        }
        finally
        {
            _turn.Release();
        }
    }
}
