namespace Threeport.Kubernetes.Yaml;

/// <summary>How much a YAML text may ask of its reader.</summary>
/// <param name="Bytes">Of the text, as UTF-8.</param>
/// <param name="Depth">Of nested maps and lists.</param>
/// <param name="Nodes">Maps, lists and scalars of all documents, each counted as often as an alias repeats it.</param>
/// <param name="Aliases">Whether anchors and aliases are read at all.</param>
internal sealed record YamlLimits(int Bytes, int Depth, int Nodes, bool Aliases);
