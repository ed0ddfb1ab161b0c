using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Threeport.Cli.Files;

/// <summary>Reads YAML, and JSON with it, keeping lines. Anchors, aliases, tags and duplicate keys are refused: each would make a file say something else than it shows.</summary>
internal static class SourceReader
{
    private const int MaxDepth = 60;

    /// <returns>The documents that hold something.</returns>
    public static IReadOnlyList<SourceNode> Read(string text, string file)
    {
        var documents = new List<SourceNode>();
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            while (parser.TryConsume<DocumentStart>(out _))
            {
                if (Read(parser, file, 0) is not SourceScalar { IsPlain: true, Text: "" } and var node)
                {
                    documents.Add(node);
                }

                parser.Consume<DocumentEnd>();
            }
        }
        catch (YamlException e)
        {
            throw new FailureException($"{file}:{e.Start.Line}: {Sentence(e)}");
        }

        return documents;
    }

    private static SourceNode Read(Parser parser, string file, int depth)
    {
        if (depth > MaxDepth)
        {
            throw At(file, parser.Current!, $"Nested deeper than {MaxDepth} levels.");
        }

        if (parser.Current is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias)
        {
            throw At(file, parser.Current!, "Anchors and aliases are not taken here.");
        }

        return parser.Current switch
        {
            Scalar => ReadScalar(parser),
            SequenceStart => ReadList(parser, file, depth),
            MappingStart => ReadMap(parser, file, depth),
            _ => throw At(file, parser.Current!, "Something else was expected here."),
        };
    }

    private static SourceScalar ReadScalar(Parser parser)
    {
        var scalar = parser.Consume<Scalar>();
        return new(scalar.Value, scalar.Style is ScalarStyle.Plain, (int)scalar.Start.Line);
    }

    private static SourceList ReadList(Parser parser, string file, int depth)
    {
        var start = parser.Consume<SequenceStart>();
        var items = new List<SourceNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Read(parser, file, depth + 1));
        }

        return new(items, (int)start.Start.Line);
    }

    private static SourceMap ReadMap(Parser parser, string file, int depth)
    {
        var start = parser.Consume<MappingStart>();
        var members = new List<SourceMember>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (parser.Current is not Scalar)
            {
                throw At(file, parser.Current!, "A key must be text.");
            }

            var key = parser.Consume<Scalar>();
            if (members.Exists(m => m.Key == key.Value))
            {
                throw At(file, key, $"\"{key.Value}\" is there twice.");
            }

            members.Add(new(key.Value, (int)key.Start.Line, Read(parser, file, depth + 1)));
        }

        return new(members, (int)start.Start.Line);
    }

    private static FailureException At(string file, ParsingEvent e, string what) =>
        new($"{file}:{e.Start.Line}: {what}");

    private static string Sentence(YamlException exception)
    {
        var message = exception.InnerException?.Message ?? exception.Message;
        var end = message.LastIndexOf("): ", StringComparison.Ordinal);
        return end < 0 ? message : message[(end + 3)..];
    }
}
