using System.Globalization;

namespace Threeport.AwsServer.Wire;

/// <summary>The parameters of a call in the Query protocol, or those below a prefix: <c>Filter.1.Name</c> is <c>Name</c> of the first <c>Filter</c>.</summary>
internal sealed class QueryParameters
{
    private readonly IReadOnlyDictionary<string, string> _values;
    private readonly string _prefix;
    private readonly string _missingCode;

    /// <param name="values">All that came.</param>
    /// <param name="missingCode">What the service calls a parameter that is not there.</param>
    /// <param name="prefix">With its closing point.</param>
    public QueryParameters(IReadOnlyDictionary<string, string> values, string missingCode, string prefix = "")
    {
        _values = values;
        _missingCode = missingCode;
        _prefix = prefix;
    }

    public string? this[string name] => _values.GetValueOrDefault(_prefix + name);

    public string Required(string name) =>
        this[name] is { Length: > 0 } value
            ? value
            : throw new AwsException(_missingCode, $"The request must contain the parameter {name}");

    public bool? Flag(string name) =>
        this[name] switch
        {
            null => null,
            "true" or "True" or "1" => true,
            "false" or "False" or "0" => false,
            var other => throw Invalid(other, name),
        };

    public int? Number(string name) =>
        this[name] is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw Invalid(text, name);

    /// <summary><c>VpcId.1</c>, <c>VpcId.2</c>, … in the order of their numbers.</summary>
    public IReadOnlyList<string> Strings(string name) => [.. Indexes(name).Select(i => this[$"{name}.{i}"] ?? "")];

    /// <summary>The structures of a list, each as parameters of its own.</summary>
    public IReadOnlyList<QueryParameters> Structures(string name) =>
        [.. Indexes(name).Select(i => new QueryParameters(_values, _missingCode, $"{_prefix}{name}.{i}."))];

    private static AwsException Invalid(string value, string name) =>
        new("InvalidParameterValue", $"Value ({value}) for parameter {name} is invalid.");

    private IEnumerable<int> Indexes(string name)
    {
        var start = $"{_prefix}{name}.";
        return _values
            .Keys.Where(key => key.StartsWith(start, StringComparison.Ordinal))
            .Select(key => key[start.Length..].Split('.')[0])
            .Where(static text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(static text => int.Parse(text, CultureInfo.InvariantCulture))
            .Distinct()
            .Order();
    }
}
