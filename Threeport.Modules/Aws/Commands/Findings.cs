using System.Text.Json.Nodes;

namespace Threeport.Modules.Aws.Commands;

/// <summary>Something that stands in the way: what was tried, what came back, and what to do.</summary>
internal sealed record Problem(string Tried, string Got, string Next);

/// <summary>What a look before anything is made found.</summary>
internal sealed class Findings
{
    public string? Account { get; set; }

    public string? Arn { get; set; }

    public string? Location { get; set; }

    public List<Problem> Problems { get; } = [];

    /// <summary>What could not be looked at, and what is good to know.</summary>
    public List<string> Notes { get; } = [];

    public void Add(string tried, string got, string next) => Problems.Add(new(tried, got, next));

    public JsonObject ToJson() =>
        new()
        {
            ["account"] = Account,
            ["arn"] = Arn,
            ["location"] = Location,
            ["problems"] = new JsonArray([
                .. Problems.Select(static p =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["tried"] = p.Tried,
                            ["got"] = p.Got,
                            ["next"] = p.Next,
                        }
                ),
            ]),
            ["notes"] = new JsonArray([.. Notes.Select(static n => (JsonNode)n)]),
        };
}
