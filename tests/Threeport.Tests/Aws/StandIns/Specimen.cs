using System.Reflection;
using Amazon.Runtime;

namespace Threeport.Tests.Aws.StandIns;

/// <summary>
/// An object with every member set to a value that occurs nowhere else in it, made along the model: a member that the model
/// does not know, or of another type than the official package gives it, is a failure.
/// </summary>
internal sealed class Specimen(ServiceModel model)
{
    /// <summary>The official package's names where they are not the model's.</summary>
    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["Policy"] = "ManagedPolicy",
        ["AttachedPolicy"] = "AttachedPolicyType",
    };

    private static readonly DateTime Epoch = new(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc);

    private int _made;

    public object Make(Type type, string? shape)
    {
        var instance = Activator.CreateInstance(type)!;
        var members = shape is null ? [] : model.Shape(shape).Members.ToDictionary(static member => member.Property);
        foreach (var property in Members(type))
        {
            Assert.That(members, Does.ContainKey(property.Name), $"{type.Name}.{property.Name} is not in the model.");
            var member = members[property.Name];
            property.SetValue(instance, Value(property.PropertyType, model.Shape(member.Shape), property.Name));
        }

        return instance;
    }

    /// <summary>What a type has beside what all requests, responses and exceptions have.</summary>
    public static IEnumerable<PropertyInfo> Members(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(static property => property.DeclaringType!.Assembly != typeof(AmazonServiceClient).Assembly)
            .Where(static property => property.DeclaringType!.Assembly != typeof(Exception).Assembly);

    public object Value(Type type, Shape shape, string name)
    {
        _made++;
        return shape.Type switch
        {
            "string" => Text(type, shape, name),
            "boolean" => Of<bool?>(type, _made % 2 == 0, name),
            "integer" => Of<int?>(type, _made, name),
            "timestamp" => Of<DateTime?>(type, Epoch.AddSeconds(_made), name),
            "list" => List(type, model.Shape(shape.Inner!), name),
            "map" => Of<Dictionary<string, string>>(
                type,
                new() { [$"{name} 1:{_made}"] = $"a/{_made}", [$"{name} 2:{_made}"] = $"b/{_made}" },
                name
            ),
            "structure" => Structure(type, shape),
            _ => throw new AssertionException($"{name} is a {shape.Type}, which no operation here has."),
        };
    }

    private object Structure(Type type, Shape shape)
    {
        Assert.That(type.Name, Is.EqualTo(Renamed.GetValueOrDefault(shape.Name, Names.Capital(shape.Name))));
        return Make(type, shape.Name);
    }

    /// <summary>A text with what has to be escaped in some place; where the model lists the allowed ones, one of them.</summary>
    private object Text(Type type, Shape shape, string name)
    {
        if (shape.Values is not { } values)
        {
            return Of<string>(type, $"{name}:{_made}/ü +&<\"%=", name);
        }

        Assert.That(type.Name, Is.EqualTo(Names.Capital(shape.Name)), name);
        Assert.That(type.IsAssignableTo(typeof(ConstantClass)), $"{name} is not a constant.");
        return type.GetMethod("FindValue")!.Invoke(null, [values[_made % values.Count]])!;
    }

    private object List(Type type, Shape inner, string name)
    {
        // Constants are texts in the official package's lists.
        var shape = inner with
        {
            Values = null,
        };
        var element = type.GetGenericArguments().Single();
        Assert.That(type, Is.EqualTo(typeof(List<>).MakeGenericType(element)), name);
        var list = (System.Collections.IList)Activator.CreateInstance(type)!;
        list.Add(Value(element, shape, name));
        list.Add(Value(element, shape, name));
        return list;
    }

    private static object Of<T>(Type type, T value, string name)
    {
        Assert.That(type, Is.EqualTo(typeof(T)), name);
        return value!;
    }
}
