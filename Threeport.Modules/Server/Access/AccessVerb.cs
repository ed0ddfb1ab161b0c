namespace Threeport.Server.Access;

/// <summary>What may be done to a kind, or to one of <see cref="Subsystem"/>.</summary>
internal enum AccessVerb
{
    /// <summary>Get, list, watch, history and events, sensitive values left out.</summary>
    Read,

    /// <summary>Add one that was not there.</summary>
    Create,

    /// <summary>Change one that is there. A PUT, which may do either, needs this and <see cref="Create"/>.</summary>
    Update,

    /// <summary>Ask for its deletion.</summary>
    Delete,

    /// <summary>Add to its events.</summary>
    RecordEvents,

    /// <summary>Run its passes: lease it, and write its status.</summary>
    Reconcile,

    /// <summary>Read its sensitive values in clear.</summary>
    Reveal,
}

/// <summary>What is no kind but has rights of its own, under the names that rules use.</summary>
internal static class Subsystem
{
    /// <summary>API tokens and certificates: create issues, delete revokes.</summary>
    public const string Credentials = "credentials";

    /// <summary>The identities of agents, a part of the former.</summary>
    public const string AgentCredentials = "agent-credentials";

    /// <summary>Who did what, allowed or denied.</summary>
    public const string Audit = "audit";

    /// <summary>The keys that sensitive values are encrypted with: update rotates.</summary>
    public const string Keys = "keys";

    /// <summary>
    /// Backups: create makes one, read shows what a restored control plane would do, update restores and lets it. Whoever makes one chooses
    /// its passphrase, and so can read every sensitive value: of the built-in roles only the administrator's has it.
    /// </summary>
    public const string Backups = "backups";

    public static IReadOnlyList<string> All { get; } = [Credentials, AgentCredentials, Audit, Keys, Backups];
}

/// <summary>The verbs as rules, errors and people name them.</summary>
internal static class AccessVerbs
{
    private static readonly Dictionary<string, AccessVerb> ByName = new(StringComparer.Ordinal)
    {
        ["read"] = AccessVerb.Read,
        ["create"] = AccessVerb.Create,
        ["update"] = AccessVerb.Update,
        ["delete"] = AccessVerb.Delete,
        ["events"] = AccessVerb.RecordEvents,
        ["reconcile"] = AccessVerb.Reconcile,
        ["reveal"] = AccessVerb.Reveal,
    };

    public static IReadOnlyCollection<string> Names => ByName.Keys;

    public static AccessVerb? Find(string name) => ByName.TryGetValue(name, out var verb) ? verb : null;

    public static string Name(this AccessVerb verb) => ByName.Single(v => v.Value == verb).Key;
}
