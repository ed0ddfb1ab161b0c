using Threeport.Runtime;

namespace Threeport.Server.Access;

/// <summary>Who may give out which credentials.</summary>
internal sealed class Issuing(Rights rights)
{
    /// <summary>
    /// Whoever installs agents may make their identities, and none but theirs; whoever may make others gives nobody more than
    /// he has.
    /// </summary>
    /// <exception cref="Api.ProblemException">403.</exception>
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
            rights.RequireAll(caller, role);
        }
    }
}
