using System.Text.Json.Nodes;
using Threeport.Kubernetes.Yaml;

namespace Threeport.Tests.Kubernetes;

/// <summary>The answers are those of kubectl, asked with <c>kubectl annotate --local -o json</c>.</summary>
public sealed class YamlScalarTests
{
    [TestCase("", "null")]
    [TestCase("~", "null")]
    [TestCase("Null", "null")]
    [TestCase("y", "true")]
    [TestCase("on", "true")]
    [TestCase("True", "true")]
    [TestCase("Off", "false")]
    [TestCase("n", "false")]
    [TestCase("tRue", "\"tRue\"")]
    [TestCase("12", "12")]
    [TestCase("+12", "12")]
    [TestCase("-5", "-5")]
    [TestCase("-0", "0")]
    [TestCase("1_000", "1000")]
    [TestCase("010", "8")]
    [TestCase("09", "9")]
    [TestCase("0o10", "8")]
    [TestCase("0x1F", "31")]
    [TestCase("-0x1F", "-31")]
    [TestCase("0x_1F", "31")]
    [TestCase("0b11", "3")]
    [TestCase("1.0", "1")]
    [TestCase("1.50", "1.5")]
    [TestCase("1_0.5", "10.5")]
    [TestCase("+1.5", "1.5")]
    [TestCase("1e3", "1000")]
    [TestCase("1E+3", "1000")]
    [TestCase(".5", "0.5")]
    [TestCase("5.", "5")]
    [TestCase("1e400", "\"1e400\"")]
    [TestCase("9223372036854775807", "9223372036854775807")]
    [TestCase("-9223372036854775807", "-9223372036854775807")]
    [TestCase("12345678901234567890", "1.2345678901234567E+19")]
    [TestCase("2001-12-14", "\"2001-12-14\"")]
    [TestCase("2001-12-14T21:59:43Z", "\"2001-12-14T21:59:43Z\"")]
    [TestCase("190:20:30", "\"190:20:30\"")]
    [TestCase("1.2.3", "\"1.2.3\"")]
    [TestCase("-", "\"-\"")]
    [TestCase(".", "\".\"")]
    [TestCase("+", "\"\\u002B\"")]
    [TestCase("0x", "\"0x\"")]
    [TestCase("0xfg", "\"0xfg\"")]
    [TestCase("500m", "\"500m\"")]
    [TestCase("1Gi", "\"1Gi\"")]
    [TestCase("<<", "\"\\u003C\\u003C\"")]
    public void A_plain_scalar_is_what_kubectl_makes_of_it(string text, string json)
    {
        Assert.That(YamlScalar.TryResolve(text, out var value), Is.True);
        Assert.That(value?.ToJsonString() ?? "null", Is.EqualTo(json));
    }

    [TestCase(".inf")]
    [TestCase("-.Inf")]
    [TestCase(".nan")]
    public void What_JSON_cannot_say_is_refused(string text) =>
        Assert.That(YamlScalar.TryResolve(text, out JsonNode? _), Is.False);
}
