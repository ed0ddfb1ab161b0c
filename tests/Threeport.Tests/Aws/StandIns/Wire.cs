using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Threeport.Tests.Aws.StandIns;

/// <summary>How an object is on the wire, by the model alone; what is compared with what the clients send and read.</summary>
internal sealed class Wire(ServiceModel model)
{
    private const string Namespace = "https://iam.amazonaws.com/doc/2010-05-08/";

    /// <summary>The members that are set, and their texts, numbers, lists and structures.</summary>
    public IEnumerable<(Member Member, Shape Shape, object Value)> Set(object instance, string? shape) =>
        from member in shape is null ? [] : model.Shape(shape).Members
        let value = instance.GetType().GetProperty(member.Property)?.GetValue(instance)
        where value is not null
        select (member, model.Shape(member.Shape), value);

    public JsonObject Json(object instance, string? shape, Func<Member, bool>? which = null)
    {
        var json = new JsonObject();
        foreach (var (member, inner, value) in Set(instance, shape))
        {
            if (which is null || which(member))
            {
                json[member.LocationName] = JsonValue(value, inner);
            }
        }

        return json;
    }

    /// <summary>Tags.member.1.Key and its like.</summary>
    public Dictionary<string, string> Form(object instance, string? shape)
    {
        var form = new Dictionary<string, string>();
        foreach (var (member, inner, value) in Set(instance, shape))
        {
            Flatten(form, member.LocationName, value, inner);
        }

        return form;
    }

    public IEnumerable<XElement> Xml(object instance, string? shape) =>
        Set(instance, shape).Select(set => XmlValue(set.Member.LocationName, set.Value, set.Shape));

    public static XElement Element(string name, params IEnumerable<object> content) =>
        new(XName.Get(name, Namespace), content);

    /// <summary>As the query of a URL or a form has it.</summary>
    public static string Text(object value) =>
        value switch
        {
            bool truth => truth ? "true" : "false",
            DateTime moment => moment.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    private JsonNode JsonValue(object value, Shape shape) =>
        (shape.Type, value) switch
        {
            ("structure", _) => Json(value, shape.Name),
            ("list", IEnumerable list) => new JsonArray([
                .. list.Cast<object>().Select(element => JsonValue(element, model.Shape(shape.Inner!))),
            ]),
            ("map", Dictionary<string, string> map) => new JsonObject(
                map.Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))
            ),
            ("timestamp", DateTime moment) => (decimal)(moment - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond,
            ("boolean", bool truth) => truth,
            ("integer", int number) => number,
            _ => Text(value),
        };

    private void Flatten(Dictionary<string, string> form, string name, object value, Shape shape)
    {
        if (shape.Type == "structure")
        {
            foreach (var (member, inner, part) in Set(value, shape.Name))
            {
                Flatten(form, $"{name}.{member.LocationName}", part, inner);
            }
        }
        else if (shape.Type == "list")
        {
            foreach (var (index, element) in ((IEnumerable)value).Cast<object>().Index())
            {
                Flatten(form, $"{name}.member.{index + 1}", element, model.Shape(shape.Inner!));
            }
        }
        else
        {
            form[name] = Text(value);
        }
    }

    private XElement XmlValue(string name, object value, Shape shape) =>
        (shape.Type, value) switch
        {
            ("structure", _) => Element(name, Xml(value, shape.Name)),
            ("list", IEnumerable list) => Element(
                name,
                list.Cast<object>().Select(element => XmlValue("member", element, model.Shape(shape.Inner!)))
            ),
            ("map", Dictionary<string, string> map) => Element(
                name,
                map.Select(static pair => Element("entry", Element("key", pair.Key), Element("value", pair.Value)))
            ),
            _ => Element(name, Text(value)),
        };
}
