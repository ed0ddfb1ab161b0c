using System.Globalization;
using System.Xml.Linq;

namespace Threeport.AwsServer.Wire;

/// <summary>The elements of an answer; null where there is nothing to say. The namespace is put on when the answer is written.</summary>
internal static class Xml
{
    public static XElement? Text(string name, string? value) => value is null ? null : new XElement(name, value);

    public static XElement Flag(string name, bool value) => new(name, value ? "true" : "false");

    public static XElement? Number(string name, int? value) =>
        value is { } number ? new XElement(name, number.ToString(CultureInfo.InvariantCulture)) : null;

    public static XElement? Time(string name, DateTimeOffset? value) =>
        value is { } time
            ? new XElement(
                name,
                time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            )
            : null;

    /// <summary>A list as EC2 writes it: <c>&lt;vpcSet&gt;&lt;item&gt;…</c>.</summary>
    public static XElement Items<T>(string name, IEnumerable<T> values, Func<T, object?> content) =>
        new(name, values.Select(value => new XElement("item", content(value))));

    /// <summary>A list as IAM and STS write it: <c>&lt;Roles&gt;&lt;member&gt;…</c>.</summary>
    public static XElement Members<T>(string name, IEnumerable<T> values, Func<T, object?> content) =>
        new(name, values.Select(value => new XElement("member", content(value))));

    /// <summary>The same with every name in the namespace.</summary>
    public static XElement In(XNamespace space, XElement element) =>
        new(
            space + element.Name.LocalName,
            element.Attributes(),
            element.Nodes().Select(node => node is XElement child ? (object)In(space, child) : node)
        );
}
