using System.Text.Json.Nodes;

namespace Threeport.Kubernetes.Yaml;

/// <summary>One document of a YAML text.</summary>
/// <param name="Number">Its place in the text, from 1; empty documents count.</param>
/// <param name="Line">Where its content starts, from 1.</param>
/// <param name="Root">Null when it is empty.</param>
/// <param name="Lines">Where each map of it starts, by reference.</param>
internal sealed record YamlDocument(int Number, int Line, JsonNode? Root, IReadOnlyDictionary<JsonNode, int> Lines)
{
    /// <returns>The line that the map starts on, or the document's where it is not known.</returns>
    public int LineOf(JsonNode node) => Lines.GetValueOrDefault(node, Line);
}

/// <summary>A YAML text that is not read, and where and why.</summary>
internal sealed class YamlFormatException(int document, int line, string message) : FormatException(message)
{
    /// <summary>From 1.</summary>
    public int Document { get; } = document;

    /// <summary>From 1.</summary>
    public int Line { get; } = line;
}
