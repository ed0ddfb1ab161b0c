namespace Threeport.Server.Storage;

/// <summary>SQL for a field of the stored JSON. Segments come from the kind's own properties, never from a request.</summary>
internal static class JsonSql
{
    /// <returns>For <c>spec, location</c>: <c>(data -&gt; 'spec' -&gt;&gt; 'location')</c>, the form that the indexes have too.</returns>
    public static string Text(IReadOnlyList<string> path)
    {
        var parents = path.Take(path.Count - 1).Select(static p => $" -> '{p}'");
        return $"(data{string.Concat(parents)} ->> '{path[^1]}')";
    }

    /// <summary>The reason of the condition Ready: the STATUS column.</summary>
    public const string ReadyReason =
        """coalesce(jsonb_path_query_first(data, '$.conditions[*] ? (@.type == "Ready")') ->> 'reason', 'Pending')""";

    /// <summary>The message of the condition Ready: the MESSAGE column.</summary>
    public const string ReadyMessage =
        """coalesce(jsonb_path_query_first(data, '$.conditions[*] ? (@.type == "Ready")') ->> 'message', '')""";
}
