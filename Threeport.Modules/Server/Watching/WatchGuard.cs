using Microsoft.AspNetCore.Http;
using Threeport.Runtime;
using Threeport.Server.Access;

namespace Threeport.Server.Watching;

/// <summary>A watch may last for days: who was allowed to begin it is asked again, so that what was revoked meanwhile ends it.</summary>
internal sealed class WatchGuard(
    HttpContext context,
    IReadOnlySet<KindDescriptor> watched,
    Authenticator authenticator,
    Rights rights,
    TimeProvider time
)
{
    private long _lookedAt = time.GetTimestamp();

    /// <exception cref="Api.ProblemException">401 or 403: not any more.</exception>
    public async ValueTask RequireAsync()
    {
        if (time.GetElapsedTime(_lookedAt) < Tokens.LookAgainAfter)
        {
            return;
        }

        var (_, caller) = await authenticator.AuthenticateAsync(context);
        foreach (var kind in watched)
        {
            rights.Require(caller, AccessVerb.Read, kind);
        }

        _lookedAt = time.GetTimestamp();
    }
}
