using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Threeport.Api;

namespace Threeport.Server.Resources;

/// <summary>The syntax of names and labels, which is that of Kubernetes.</summary>
internal static partial class Labels
{
    private const int Max = 64;

    public static Dictionary<string, string> Read(JsonNode? node, string pointer, List<ProblemError> errors)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (node is null)
        {
            return labels;
        }

        if (node is not JsonObject given || given.Count > Max)
        {
            errors.Add(new(pointer, $"Must be an object of at most {Max} keys with strings as values."));
            return labels;
        }

        foreach (var (key, value) in given)
        {
            if (!Key().IsMatch(key))
            {
                errors.Add(
                    new(
                        $"{pointer}/{Escape(key)}",
                        "A label's key is at most 63 letters, digits, '-', '_' and '.', beginning and ending with a letter or digit, "
                            + "with an optional DNS name and '/' before it."
                    )
                );
            }
            else if (value?.GetValueKind() is not JsonValueKind.String || !Value().IsMatch((string)value!))
            {
                errors.Add(
                    new(
                        $"{pointer}/{Escape(key)}",
                        "A label's value is a string of at most 63 letters, digits, '-', '_' and '.', beginning and ending with a letter or digit; or empty."
                    )
                );
            }
            else
            {
                labels[key] = (string)value!;
            }
        }

        return labels;
    }

    /// <summary>Whether it is a DNS label.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <exception cref="ProblemException">It is not a DNS label.</exception>
    public static void RequireName(string name, string pointer)
    {
        if (!IsName(name))
        {
            throw new ProblemException(
                Problems.Validation(
                    new ProblemError(
                        pointer,
                        "A name is a DNS label: 1 to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit."
                    )
                )
            );
        }
    }

    private static string Escape(string key) =>
        (key.Length > 100 ? key[..100] + "…" : key).Replace("~", "~0").Replace("/", "~1");

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex Key();

    [GeneratedRegex(@"\A([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?\z")]
    private static partial Regex Value();
}
