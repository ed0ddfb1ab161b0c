using Threeport.Server.Storage;

namespace Threeport.Server.Resources;

/// <summary>The order in which resources that refer to each other are written: what is referred to comes first.</summary>
internal static class ReferenceOrder
{
    /// <returns>Indexes into <paramref name="requests"/>; as given where references do not say otherwise.</returns>
    public static IReadOnlyList<int> Of(IReadOnlyList<WriteRequest> requests, KindStores stores)
    {
        var depths = new Dictionary<Type, int>();
        return [.. Enumerable.Range(0, requests.Count).OrderBy(i => Depth(requests[i].Kind.Type))];

        int Depth(Type kind)
        {
            if (!depths.TryGetValue(kind, out var depth))
            {
                // A kind that refers to itself, by whatever way, stands where the walk began.
                depths[kind] = 0;
                depth = stores.Kinds[kind].References.Select(r => 1 + Depth(r.Kind)).DefaultIfEmpty(0).Max();
                depths[kind] = depth;
            }

            return depth;
        }
    }
}
