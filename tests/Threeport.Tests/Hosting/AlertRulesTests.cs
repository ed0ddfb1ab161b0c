using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Threeport.Tests.Hosting;

/// <summary>The alert rules and the dashboard that come with the host.</summary>
public sealed partial class AlertRulesTests
{
    [Test]
    public void Each_alert_says_how_bad_it_is_what_it_means_and_what_to_do()
    {
        var yaml = new YamlStream();
        using var text = new StringReader(Text("alerts.yaml"));
        yaml.Load(text);
        var rules = (
            from g in (YamlSequenceNode)yaml.Documents[0].RootNode["groups"]
            from r in (YamlSequenceNode)g["rules"]
            select r
        ).ToList();

        Assert.That(rules, Is.Not.Empty);
        Assert.That(rules.Select(static r => $"{r["alert"]}"), Is.Unique);
        Assert.Multiple(() =>
        {
            foreach (var rule in rules)
            {
                var (name, annotations) = ($"{rule["alert"]}", rule["annotations"]);
                Assert.That($"{rule["expr"]}", Is.Not.Empty, name);
                Assert.That($"{rule["labels"]["severity"]}", Is.AnyOf("critical", "warning"), name);
                Assert.That($"{annotations["summary"]}", Does.EndWith("."), name);
                Assert.That($"{annotations["runbook"]}", Does.Match(@"\w{2,}[.:;] .*\."), name);
            }
        });
    }

    /// <summary>Each replica of the API layer reads these from the one database: added up, two replicas would be twice as much.</summary>
    [Test]
    public void What_each_replica_says_of_the_whole_is_never_added_up(
        [Values("alerts.yaml", "dashboard.json")] string file
    )
    {
        var text = Text(file);

        Assert.That(OfTheWhole().Count(text), Is.Positive);
        Assert.That(OfTheWhole().Matches(text).Select(static m => m.Groups[1].Value), Is.All.EqualTo("max"));
    }

    private static string Text(string name, [CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../../build/observability", name));

    [GeneratedRegex(
        @"\b(?!label_values\b)(\w+)(?: by \([\w, ]*\))? ?\(?(?:threeport_queue_depth|threeport_outbox_rows|threeport_outbox_oldest_age_seconds)"
    )]
    private static partial Regex OfTheWhole();
}
