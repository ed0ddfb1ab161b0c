using System.Text.Json.Nodes;

namespace Threeport.Agent.Watching;

/// <summary>Where a watch tells what it sees, in a form that keeps only what is needed.</summary>
/// <typeparam name="T">That form.</typeparam>
internal interface IWatchSink<T>
    where T : class
{
    /// <returns>Null for what is of no interest.</returns>
    T? Distill(JsonObject content);

    /// <summary>After a list: this is all there is.</summary>
    void Replace(IReadOnlyList<T> all);

    /// <summary>It is there, or another than before.</summary>
    void Put(T one);

    /// <summary>It is gone.</summary>
    void Remove(T one);

    /// <summary>The cluster does not have the type, or no longer.</summary>
    void Unserved();

    /// <summary>The cluster does not let us see it.</summary>
    void Denied(string why);
}
