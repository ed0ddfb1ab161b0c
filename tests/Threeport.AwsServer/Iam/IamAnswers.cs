using System.Globalization;
using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Iam;

/// <summary>What IAM's operations have in common: pages, tags, names, and how long it takes until what was made is known.</summary>
internal static class IamAnswers
{
    public static DateTimeOffset IamVisible(this QueryCall call) => call.Now + call.Cloud.Settings.IamDelay;

    public static XElement?[] IamPage<T>(
        this QueryCall call,
        IEnumerable<T> values,
        string list,
        Func<T, object?> content
    )
    {
        var all = values.ToList();
        var size = call.Parameters.Number("MaxItems") ?? 100;
        if (!int.TryParse(call.Parameters["Marker"] ?? "0", CultureInfo.InvariantCulture, out var start))
        {
            throw new AwsException("ValidationError", "Invalid Marker.");
        }

        var isTruncated = start + size < all.Count;
        return
        [
            Xml.Members(list, all.Skip(start).Take(size), content),
            Xml.Flag("IsTruncated", isTruncated),
            isTruncated ? Xml.Number("Marker", start + size) : null,
        ];
    }

    public static IReadOnlyList<KeyValuePair<string, string>> IamTags(this QueryCall call)
    {
        var tags = call
            .Parameters.Structures("Tags.member")
            .Select(static tag => KeyValuePair.Create(tag.Required("Key"), tag["Value"] ?? ""))
            .ToList();
        return tags.DistinctBy(static tag => tag.Key, StringComparer.OrdinalIgnoreCase).Count() == tags.Count
            ? tags
            : throw new AwsException(
                "InvalidInput",
                "Duplicate tag keys found. Please note that Tag keys are case insensitive."
            );
    }

    public static T With<T>(this T entity, IEnumerable<KeyValuePair<string, string>> tags)
        where T : IamEntity
    {
        foreach (var (key, value) in tags)
        {
            entity.Tags[key] = value;
        }

        return entity;
    }

    public static void Untag(this QueryCall call, IamEntity entity)
    {
        foreach (var key in call.Parameters.Strings("TagKeys.member"))
        {
            entity.Tags.Remove(key);
        }
    }

    public static object TagContent(KeyValuePair<string, string> tag) =>
        new[] { new XElement("Key", tag.Key), new XElement("Value", tag.Value) };

    /// <returns>The path that something is made in, <c>/</c> where none is said.</returns>
    public static string PathOrRoot(this QueryCall call) =>
        call.Parameters["Path"] switch
        {
            null or "" => "/",
            ['/', .., '/'] path => path,
            "/" => "/",
            _ => throw new AwsException(
                "ValidationError",
                "The specified value for path is invalid. It must begin and end with /."
            ),
        };

    public static AwsException Missing(string what) => new("NoSuchEntity", what, StatusCodes.Status404NotFound);

    public static AwsException Exists(string what) => new("EntityAlreadyExists", what, StatusCodes.Status409Conflict);

    public static AwsException Conflict(string what) => new("DeleteConflict", what, StatusCodes.Status409Conflict);

    public static AwsException TooMany(string what) => new("LimitExceeded", what, StatusCodes.Status409Conflict);
}
