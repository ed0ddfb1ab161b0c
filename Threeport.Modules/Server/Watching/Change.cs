using System.Globalization;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Watching;

/// <summary>A resource changed, or is gone.</summary>
/// <param name="Position">Where in the log of changes.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Id">The resource's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Deleted">It is gone.</param>
/// <param name="Resource">As it was read after the change; null when it is gone.</param>
internal sealed record Change(
    LogPosition Position,
    KindDescriptor Kind,
    Guid Id,
    string Name,
    bool Deleted,
    Resource? Resource = null
);

/// <summary>
/// A place in the log of changes: the id of a server-sent event. The stream's identity tells a log that was lost and begun
/// anew; the time tells one that has been cut off since.
/// </summary>
internal readonly record struct LogPosition(string Stream, ulong Sequence, long UnixSeconds)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Stream}-{Sequence}-{UnixSeconds}");

    /// <returns>Where to go on; null when the client is new. What cannot be read is a place that no log has.</returns>
    public static LogPosition? Resume(string? text) => string.IsNullOrEmpty(text) ? null : Parse(text) ?? new("", 0, 0);

    private static LogPosition? Parse(string text) =>
        text.Split('-') is [var stream, var sequence, var seconds]
        && ulong.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            ? new(stream, number, time)
            : null;
}
