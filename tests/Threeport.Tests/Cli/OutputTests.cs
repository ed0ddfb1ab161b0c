using System.Text.Json.Nodes;
using Threeport.Cli;
using Threeport.Cli.Files;
using Threeport.Cli.Output;

namespace Threeport.Tests.Cli;

public sealed class OutputTests
{
    private static readonly string[] Texts =
    [
        "plain",
        "",
        "true",
        "1.10",
        "null",
        "a: b",
        "# no comment",
        "two\nlines",
        "ends\n",
        "ends twice\n\n",
        " leading",
        "tab\there",
        "quote \" and \\",
        "- dash",
        "ümlaut",
        "trailing ",
        "a\n\nb",
        "  indented\nfirst",
        "\n",
    ];

    [TestCaseSource(nameof(Texts))]
    public void Text_survives_YAML(string text)
    {
        var written = Yaml.Write(
            new JsonObject { ["a"] = text, ["b"] = new JsonArray(text, new JsonObject { ["c"] = text }) }
        );
        var read = SourceReader.Read(written, "x").Single().ToJson()!;
        Assert.That(read["a"].Text(), Is.EqualTo(text), written);
        Assert.That(read["b"]![0].Text(), Is.EqualTo(text), written);
        Assert.That(read["b"]![1]!["c"].Text(), Is.EqualTo(text), written);
    }

    [Test]
    public void A_table_is_aligned_and_leaves_out_what_is_empty()
    {
        var (terminal, text) = Terminal();
        var table = new Table("NAME", "STATUS", "WHO", "");
        table.Add("a", "Healthy", "", "");
        table.Add("longer", "Ready", "", "why");
        table.Write(terminal);
        Assert.That(
            text.ToString(),
            Is.EqualTo("NAME     STATUS\na        Healthy\nlonger   Ready     why\n".ReplaceLineEndings())
        );
    }

    [Test]
    public void A_diff_shows_what_is_around_a_change()
    {
        var before = string.Join('\n', Enumerable.Range(1, 20));
        var lines = TextDiff.Lines(before, before.Replace("\n10\n", "\nten\n"));
        Assert.That(
            lines.Select(static l => $"{l.Mark}{l.Line}"),
            Is.EqualTo([" 7", " 8", " 9", "-10", "+ten", " 11", " 12", " 13"])
        );
    }

    [TestCase(0.5, "0s")]
    [TestCase(41, "41s")]
    [TestCase(180, "3m")]
    [TestCase(7_300, "2h")]
    [TestCase(200_000, "2d")]
    public void An_age_is_said_as_people_say_it(double seconds, string said) =>
        Assert.That(Age.Of(TimeSpan.FromSeconds(seconds)), Is.EqualTo(said));

    [TestCase("get", "Required argument")]
    [TestCase("gte wi", "There is no command \"gte\". Did you mean \"get\"?")]
    [TestCase("get wi --fliter a=b", "Did you mean \"--filter\"?")]
    [TestCase("get wi -o tabel", "tabel")]
    public async Task A_wrong_command_line_is_one_line_with_a_hint(string line, string message)
    {
        var (terminal, _) = Terminal();
        var code = await CommandLine.RunAsync(line.Split(' '), terminal);
        Assert.That(code, Is.EqualTo(ExitCode.Usage));
        Assert.That(terminal.Error.ToString(), Does.StartWith("Error: ").And.Contain(message));
    }

    private static (Terminal Terminal, StringWriter Out) Terminal()
    {
        var text = new StringWriter();
        return (
            new()
            {
                Out = text,
                Error = new StringWriter(),
                In = new StringReader(""),
            },
            text
        );
    }
}
