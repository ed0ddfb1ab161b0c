using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Ec2;

/// <summary>What has an id and tags, and is found by filters.</summary>
/// <param name="id">Its identifier.</param>
/// <param name="type">As tags call it: <c>natgateway</c>, <c>elastic-ip</c>.</param>
/// <param name="visible">From when Describe knows it.</param>
internal abstract class Ec2Resource(string id, string type, DateTimeOffset visible)
{
    public string Id => id;

    public string Type => type;

    public DateTimeOffset Visible => visible;

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <returns>The values that a filter of that name is compared with; null where EC2 has no such filter.</returns>
    public abstract IEnumerable<string?>? Field(string filter);
}

/// <summary>The resources of a type in the order in which they were made.</summary>
/// <param name="notFound">The code of the error when one is not there.</param>
/// <param name="what">What the error's message calls its id.</param>
internal sealed class Ec2Store<T>(string notFound, string what) : IEnumerable<T>
    where T : Ec2Resource
{
    private readonly OrderedDictionary<string, T> _all = [];

    public int Count => _all.Count;

    public T this[string id] => TryGet(id, out var resource) ? resource : throw NotFound(id);

    public bool TryGet(string id, [NotNullWhen(true)] out T? resource) => _all.TryGetValue(id, out resource);

    public AwsException NotFound(string id) => new(notFound, $"The {what} '{id}' does not exist");

    public T Add(T resource)
    {
        _all.Add(resource.Id, resource);
        return resource;
    }

    public void Remove(T resource) => _all.Remove(resource.Id);

    public IEnumerator<T> GetEnumerator() => _all.Values.ToList().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
