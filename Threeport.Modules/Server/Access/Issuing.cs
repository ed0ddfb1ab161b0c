using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Access;

/// <summary>Who may give out which credentials.</summary>
internal sealed class Issuing(Rights rights)
{
    /// <summary>
    /// Whoever installs agents may make their identities, and none but theirs; whoever may make others gives nobody more than
    /// he has.
    /// </summary>
    /// <exception cref="ProblemException">403, or 400 when there is no such role.</exception>
    public void Authorise(Caller caller, Caller subject)
    {
        var isAgent = subject.Roles is [var only] && Caller.RuntimeOf(only) is not null && subject.Name == only;
        if (isAgent && rights.Grants(caller, AccessVerb.Create, Subsystem.AgentCredentials))
        {
            return;
        }

        rights.Require(caller, AccessVerb.Create, Subsystem.Credentials);
        foreach (var role in subject.Roles)
        {
            if (!rights.Exists(role))
            {
                throw new ProblemException(
                    Problems.Validation(
                        new ProblemError(
                            "/roles",
                            $"There is no role \"{role}\". Built in are {string.Join(", ", BuiltInRoles.ForPeople)}; GET /v0/roles lists the others."
                        )
                    )
                );
            }

            rights.RequireAll(caller, role);
        }
    }
}
