using System.Text;
using System.Text.Json.Nodes;

namespace Threeport.BackupFormat;

/// <summary>
/// What a backup holds is text: for each table a line of JSON with its name and columns, its rows as PostgreSQL's <c>COPY</c> writes them,
/// <c>\.</c>, and a line with their number; at the end a line with the number of tables.
/// </summary>
/// <param name="Table">Its name, without the schema.</param>
/// <param name="Columns">In the order in which the rows have them.</param>
public sealed record TableSection(string Table, IReadOnlyList<string> Columns)
{
    /// <summary>The line that ends the rows; in a row the backslash would be doubled.</summary>
    public static ReadOnlySpan<byte> EndOfRows => "\\.\n"u8;

    /// <summary>The line that it begins with.</summary>
    public byte[] Begin()
    {
        var columns = new JsonArray();
        foreach (var column in Columns)
        {
            columns.Add((JsonNode)column);
        }

        return Line(new() { ["table"] = Table, ["columns"] = columns });
    }

    /// <summary>The lines that it ends with.</summary>
    public static byte[] End(long rows) => [.. EndOfRows, .. Line(new() { ["rows"] = rows })];

    /// <summary>The line that all ends with.</summary>
    public static byte[] EndOfTables(int tables) => Line(new() { ["tables"] = tables });

    private static byte[] Line(JsonObject members) => Encoding.UTF8.GetBytes(members.ToJsonString() + "\n");
}
