using System.Text.RegularExpressions;
using Threeport.Installation;

namespace Threeport.Tests.Installation;

public sealed partial class TemplatesTests
{
    private static readonly string[] All =
    [
        .. typeof(Templates)
            .Assembly.GetManifestResourceNames()
            .Where(static n => n.StartsWith("installation/", StringComparison.Ordinal))
            .Select(static n => Path.GetFileNameWithoutExtension(n)),
    ];

    [TestCaseSource(nameof(All))]
    public void Each_is_manifests_once_its_names_have_values(string template)
    {
        var values = NamesIn(template)
            .ToDictionary(
                static n => n,
                static n =>
                    n.EndsWith("ort", StringComparison.Ordinal) || n.EndsWith("Replicas", StringComparison.Ordinal)
                        ? "1"
                        : "value"
            );
        var manifests = Templates.Read(template, values).ToList();
        Assert.That(manifests, Is.Not.Empty);
        Assert.That(manifests.Select(static m => m.ToJsonString()), Is.All.Not.Contain("${"));
        // By that it is found when it is removed; what is in the namespace goes with that.
        Assert.That(
            manifests
                .Where(static m => m["metadata"]!["namespace"] is null)
                .Select(static m => m["metadata"]!["labels"]!["threeport.io/control-plane"]!.ToString()),
            Is.All.EqualTo("value")
        );
    }

    [Test]
    public void A_name_of_a_control_plane_is_text_whatever_it_is()
    {
        var values = NamesIn("rights").ToDictionary(static n => n, static n => n == "name" ? "true" : "value");
        Assert.That(
            Templates.Read("rights", values).First()["metadata"]!["labels"]![
                "threeport.io/control-plane"
            ]!.ToJsonString(),
            Is.EqualTo("\"true\"")
        );
    }

    [TestCase("")]
    [TestCase(" a")]
    [TestCase("a ")]
    [TestCase("a\n")]
    [TestCase("a\nb: c")]
    [TestCase("a: b")]
    [TestCase("a:")]
    [TestCase("a #b")]
    [TestCase("{a}")]
    [TestCase("[a]")]
    [TestCase("\"a\"")]
    [TestCase("*a")]
    [TestCase("- a")]
    [TestCase("${port}")]
    public void A_value_that_could_be_more_than_text_is_refused(string value)
    {
        var values = NamesIn("rights").ToDictionary(static n => n, _ => value);
        Assert.That(
            () => Templates.Read("rights", values).Count(),
            Throws.ArgumentException.With.Message.StartsWith("rights.yaml: no good value for ${")
        );
    }

    [Test]
    public void A_name_without_a_value_is_told() =>
        Assert.That(
            () => Templates.Read("rights", new Dictionary<string, string>()).Count(),
            Throws.ArgumentException.With.Message.StartsWith("rights.yaml: no good value for ${")
        );

    [Test]
    public void A_template_that_is_not_there_is_told() =>
        Assert.That(
            () => Templates.Read("nothing", new Dictionary<string, string>()).Count(),
            Throws.ArgumentException.With.Message.StartsWith("nothing.yaml is not in the assembly")
        );

    private static IEnumerable<string> NamesIn(string template)
    {
        using var stream = typeof(Templates).Assembly.GetManifestResourceStream($"installation/{template}.yaml")!;
        using var reader = new StreamReader(stream);
        return [.. Name().Matches(reader.ReadToEnd()).Select(static m => m.Groups[1].Value).Distinct()];
    }

    [GeneratedRegex(@"\$\{([A-Za-z]+)\}")]
    private static partial Regex Name();
}
