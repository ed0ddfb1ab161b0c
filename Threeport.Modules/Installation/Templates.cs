using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Threeport.Kubernetes;

namespace Threeport.Installation;

/// <summary>
/// The manifests beside this file, with <c>${names}</c> in them. A value is put in as text, so only what cannot be anything else in
/// YAML is; secrets never are.
/// </summary>
internal static partial class Templates
{
    /// <param name="template">The file's name without its ending.</param>
    /// <param name="values">For the names in it.</param>
    /// <exception cref="ArgumentException">A name has no value, or one that does not belong into a template.</exception>
    public static IEnumerable<JsonObject> Read(string template, IReadOnlyDictionary<string, string> values)
    {
        var type = typeof(Templates);
        using var stream =
            type.Assembly.GetManifestResourceStream($"installation/{template}.yaml")
            ?? throw new ArgumentException($"{template}.yaml is not in the assembly.", nameof(template));
        using var reader = new StreamReader(stream);
        var text = Name()
            .Replace(
                reader.ReadToEnd(),
                match =>
                    values.TryGetValue(match.Groups[1].Value, out var value) && Safe().IsMatch(value)
                        ? value
                        : throw new ArgumentException(
                            $"{template}.yaml: no good value for {match.Value}",
                            nameof(values)
                        )
            );
        return Manifests.Parse(text).Select(static m => m.Content);
    }

    [GeneratedRegex(@"\$\{([A-Za-z]+)\}")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(?!.*:( |\z))[A-Za-z0-9]([A-Za-z0-9 ._:,/\[\]-]*[A-Za-z0-9._:,/\[\]-])?\z")]
    private static partial Regex Safe();
}
