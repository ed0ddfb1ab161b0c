using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Threeport.Kubernetes.Yaml;

/// <summary>
/// Reads YAML into JSON within limits: aliases are expanded, each copy counted before it is made, so that a text cannot
/// ask for more than <see cref="YamlLimits.Nodes"/> nodes. Built on the library's event parser; its loaders have no limits.
/// </summary>
internal sealed class YamlReader
{
    private readonly YamlLimits _limits;
    private readonly Parser _parser;
    private readonly Dictionary<string, Anchored> _anchors = new(StringComparer.Ordinal);
    private Dictionary<JsonNode, int> _lines = new(ReferenceEqualityComparer.Instance);
    private int _document;
    private int _nodes;

    private YamlReader(string text, YamlLimits limits)
    {
        _limits = limits;
        _parser = new(new StringReader(text));
    }

    private sealed record Anchored(JsonNode? Node, int Nodes, int Depth);

    /// <exception cref="YamlFormatException">It is not YAML, or asks for more than the limits give.</exception>
    public static IReadOnlyList<YamlDocument> Read(string text, YamlLimits limits)
    {
        if (Encoding.UTF8.GetByteCount(text) is var bytes && bytes > limits.Bytes)
        {
            throw new YamlFormatException(1, 1, $"{bytes} bytes; at most {limits.Bytes} are allowed");
        }

        // The library takes NUL for the end and reads no further; other control characters are not YAML either.
        if (text.AsSpan().IndexOfAnyInRange('\0', '\b') is var at and >= 0)
        {
            var line = 1 + text.AsSpan(0, at).Count('\n');
            throw new YamlFormatException(1, line, $"the control character U+{(int)text[at]:X4} is not allowed");
        }

        var reader = new YamlReader(text, limits);
        try
        {
            return reader.Documents();
        }
        catch (YamlException exception)
        {
            throw new YamlFormatException(
                Math.Max(1, reader._document),
                (int)exception.Start.Line,
                Sentence(exception.Message)
            );
        }
    }

    private static string Sentence(string message) => message.TrimEnd('.', ' ');

    private List<YamlDocument> Documents()
    {
        var documents = new List<YamlDocument>();
        _parser.Consume<StreamStart>();
        while (!_parser.TryConsume<StreamEnd>(out _))
        {
            _document++;
            _anchors.Clear();
            _lines = new(ReferenceEqualityComparer.Instance);
            _parser.Consume<DocumentStart>();
            var line = (int)_parser.Current!.Start.Line;
            var root = Node(1).Node;
            documents.Add(new(_document, line, root, _lines));
            _parser.Consume<DocumentEnd>();
        }

        return documents;
    }

    private Anchored Node(int depth)
    {
        var from = _nodes;
        var current = _parser.Current!;
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Expand(alias, depth);
        }

        Count(1, depth, current);
        var start = (NodeEvent)current;
        Refuse(start);
        // A name is known to its own content only in a loop, which has no meaning in JSON.
        var (node, inner) = start switch
        {
            MappingStart mapping => Map(mapping, depth),
            SequenceStart => List(depth),
            _ => (Value(_parser.Consume<Scalar>()), 1),
        };
        var anchored = new Anchored(node, _nodes - from, inner);
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = anchored;
        }

        return anchored;
    }

    private Anchored Expand(AnchorAlias alias, int depth)
    {
        var anchored =
            _anchors.GetValueOrDefault(alias.Value.Value)
            ?? throw Error(alias, $"the alias *{alias.Value.Value} names no anchor before it");
        Count(anchored.Nodes, depth + anchored.Depth - 1, alias);
        return anchored with { Node = anchored.Node?.DeepClone() };
    }

    private (JsonNode Node, int Depth) Map(MappingStart start, int depth)
    {
        _parser.Consume<MappingStart>();
        var map = new JsonObject();
        _lines[map] = (int)start.Start.Line;
        var merged = new List<JsonObject>();
        var inner = 0;
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Key();
            var value = Node(depth + 1);
            inner = Math.Max(inner, value.Depth);
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
            {
                merged.AddRange(Merged(key, value.Node));
            }
            else if (!map.TryAdd(KeyText(key), value.Node))
            {
                throw Error(key, $"the key \"{key.Value}\" is there twice");
            }
        }

        foreach (var (name, value) in merged.SelectMany(static m => m))
        {
            map.TryAdd(name, value?.DeepClone());
        }

        return (map, inner + 1);
    }

    private (JsonNode Node, int Depth) List(int depth)
    {
        _parser.Consume<SequenceStart>();
        var list = new JsonArray();
        var inner = 0;
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            var item = Node(depth + 1);
            inner = Math.Max(inner, item.Depth);
            list.Add(item.Node);
        }

        return (list, inner + 1);
    }

    private Scalar Key()
    {
        var current = _parser.Current!;
        if (!_parser.TryConsume<Scalar>(out var key))
        {
            throw Error(current, "a key must be a string");
        }

        Count(1, 1, key);
        Refuse(key);
        return key;
    }

    /// <remarks>A whole number stands for its digits, as in kubectl; <c>on</c>, <c>y</c> or <c>1.5</c> as a key is surely a mistake.</remarks>
    private string KeyText(Scalar key)
    {
        var value = Value(key);
        return value switch
        {
            JsonValue v when v.TryGetValue<string>(out var text) => text,
            JsonValue v when v.TryGetValue<long>(out var number) => number.ToString(
                System.Globalization.CultureInfo.InvariantCulture
            ),
            _ => throw Error(key, $"the key {key.Value} is not a string; put it in quotes"),
        };
    }

    private IEnumerable<JsonObject> Merged(Scalar key, JsonNode? value) =>
        value switch
        {
            JsonObject map => [map],
            JsonArray list when list.All(static i => i is JsonObject) => list.OfType<JsonObject>(),
            _ => throw Error(key, "<< merges maps only"),
        };

    private JsonNode? Value(Scalar scalar)
    {
        if (scalar.Style is not ScalarStyle.Plain || !scalar.Tag.IsEmpty)
        {
            return scalar.Value;
        }

        return YamlScalar.TryResolve(scalar.Value, out var value)
            ? value
            : throw Error(scalar, $"{scalar.Value} cannot be written as JSON");
    }

    private void Refuse(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty && !_limits.Aliases)
        {
            throw Error(node, "anchors are not allowed");
        }

        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific && !(node is Scalar && node.Tag.Value == StringTag))
        {
            throw Error(node, $"the tag {node.Tag.Value} is not allowed");
        }
    }

    private const string StringTag = "tag:yaml.org,2002:str";

    private void Count(int nodes, int depth, ParsingEvent at)
    {
        if (depth > _limits.Depth)
        {
            throw Error(at, $"nested deeper than {_limits.Depth}");
        }

        _nodes += nodes;
        if (_nodes > _limits.Nodes)
        {
            throw Error(at, $"more than {_limits.Nodes} values, aliases expanded");
        }
    }

    private YamlFormatException Error(ParsingEvent at, string message) => new(_document, (int)at.Start.Line, message);
}
