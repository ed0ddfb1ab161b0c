using System.Text.Json.Nodes;
using Threeport.Cli.Output;

namespace Threeport.Cli.Clusters;

/// <summary>
/// A token that a kubeconfig's command gives for a quarter of an hour, say, while an installation takes longer: the command is run again shortly
/// before the last one ends. Who asks at the same moment may have it run twice, which does no harm.
/// </summary>
/// <param name="exec">The command.</param>
/// <param name="file">The kubeconfig that names it.</param>
/// <param name="first">What it gave first.</param>
/// <param name="ends">When that ends.</param>
internal sealed class RenewedToken(JsonObject exec, string file, string first, DateTimeOffset ends)
{
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(3);

    private volatile Held _last = new(first, ends);

    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        var held = _last;
        if (TimeProvider.System.GetUtcNow() > held.Ends - Before)
        {
            var user = new JsonObject();
            var until = await CredentialCommand.AddAsync(user, exec, file, cancellationToken);
            // One that says no end is asked for again in a while, since the first did.
            held = new(user["token"].Text(), until ?? TimeProvider.System.GetUtcNow() + (3 * Before));
            _last = held;
        }

        return held.Token;
    }

    /// <summary>A record would print it.</summary>
    private sealed class Held(string token, DateTimeOffset ends)
    {
        public string Token => token;

        public DateTimeOffset Ends => ends;
    }
}
