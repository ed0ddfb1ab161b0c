using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Access;

/// <summary>What may be done to a kind.</summary>
internal enum AccessVerb
{
    Read,
    Write,
    Delete,
    RecordEvents,
    RunPasses,
    IssueCredentials,
}

/// <summary>Who may do what. Whatever is not granted here is refused.</summary>
internal static class Rights
{
    /// <summary>Refuses with 403 unless the caller's role grants it.</summary>
    public static void Require(Caller caller, AccessVerb verb, KindDescriptor? kind)
    {
        if (!Grants(caller, verb, kind))
        {
            var what = kind is null ? "" : $" {kind.Plural}";
            throw new ProblemException(
                Problems.Forbidden($"{caller.Name} (role {caller.Role}) may not {Words(verb)}{what}.")
            );
        }
    }

    /// <summary>An agent writes only what names its own runtime.</summary>
    public static void RequireOwn(Caller caller, KindDescriptor kind, Resource resource)
    {
        if (caller.Role is not Roles.Agent)
        {
            return;
        }

        var property = kind.SpecType.GetProperty(Roles.RuntimeField);
        if (property?.GetValue(Writing.SpecProperties.Spec(resource)) as string != Roles.RuntimeOf(caller))
        {
            throw new ProblemException(
                Problems.Forbidden(
                    $"{caller.Name} may only report on its own runtime, not in {kind.Singular}/{resource.Name}."
                )
            );
        }
    }

    private static bool Grants(Caller caller, AccessVerb verb, KindDescriptor? kind) =>
        caller.Role switch
        {
            Roles.Admin => true,
            Roles.Controller => true,
            Roles.Viewer => verb is AccessVerb.Read,
            Roles.Agent => verb switch
            {
                AccessVerb.Write => IsReport(kind),
                AccessVerb.RecordEvents => kind?.SpecType.GetProperty(Roles.RuntimeField) is not null,
                _ => false,
            },
            _ => false,
        };

    /// <summary>A kind that agents write: it names the runtime, belongs to what it reports on, and leaves no history.</summary>
    private static bool IsReport(KindDescriptor? kind) =>
        kind is { KeepsHistory: false } && kind.SpecType.GetProperty(Roles.RuntimeField) is not null;

    private static string Words(AccessVerb verb) =>
        verb switch
        {
            AccessVerb.RecordEvents => "record events of",
            AccessVerb.RunPasses => "reconcile",
            AccessVerb.IssueCredentials => "issue credentials",
            _ => verb.ToString().ToLowerInvariant(),
        };
}

/// <summary>The roles that there are.</summary>
internal static class Roles
{
    public const string Admin = "admin";
    public const string Controller = "controller";
    public const string Agent = "agent";
    public const string Viewer = "viewer";

    /// <summary>The field by which a kind names the runtime that it is on.</summary>
    public const string RuntimeField = "KubernetesRuntimeInstance";

    public static string RuntimeOf(Caller agent) => agent.Name["agent:".Length..];
}
