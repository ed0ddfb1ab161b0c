using System.Text.Json.Nodes;
using Threeport.Cli.Kinds;

namespace Threeport.Cli.Output;

/// <summary>Resources of a kind, in the columns that the kind says.</summary>
internal static class KindTable
{
    public static void Write(
        Terminal terminal,
        Kind kind,
        IEnumerable<JsonObject> resources,
        bool wide,
        bool headers = true
    )
    {
        var columns = kind.Columns.Where(c => wide || !c.Wide).ToList();
        var table = new Table([.. columns.Select(static c => c.Header == "MESSAGE" ? "" : c.Header)])
        {
            StatusColumn = columns.FindIndex(static c => c.Path == "status"),
        };
        foreach (var resource in resources)
        {
            table.Add([.. columns.Select(c => Cell(resource, c.Path, c.IsAge))]);
        }

        table.Write(terminal, headers);
    }

    private static string Cell(JsonObject resource, string path, bool isAge)
    {
        var text = Json.Field(resource, path);
        return isAge ? Age.Of(text, TimeProvider.System.GetUtcNow()) : text;
    }
}
