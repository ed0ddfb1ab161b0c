using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Threeport.Api;

namespace Threeport.Server.Endpoints;

/// <summary>Reads a body strictly: its media type, size and depth, no duplicate members, no characters that cannot be stored.</summary>
internal static class RequestBody
{
    /// <summary>The largest body of one resource: a manifest of 1 MiB, escaped.</summary>
    public const int MaxResource = 2 * 1024 * 1024;

    /// <summary>The largest body of many.</summary>
    public const int MaxApply = 16 * 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <exception cref="ProblemException">400, 413 or 415.</exception>
    public static async Task<JsonObject> ReadObjectAsync(HttpContext context, int max, params string[] mediaTypes) =>
        await ReadAsync(context, max, mediaTypes) as JsonObject
        ?? throw new ProblemException(Problems.BadRequest("The body must be a JSON object."));

    /// <exception cref="ProblemException">400, 413 or 415.</exception>
    public static async Task<JsonNode?> ReadAsync(HttpContext context, int max, params string[] mediaTypes)
    {
        RequireMediaType(context, ["application/json", .. mediaTypes]);
        var bytes = await ReadBytesAsync(context, max);
        if (bytes.Length == 0)
        {
            throw new ProblemException(Problems.BadRequest("The body is empty; a JSON object is expected."));
        }

        try
        {
            var node = JsonNode.Parse(bytes, documentOptions: Strict);
            CheckText(node, "");
            return node;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ProblemException(Problems.BadRequest(Describe(e)));
        }
    }

    /// <exception cref="ProblemException">415.</exception>
    public static void RequireMediaType(HttpContext context, params string[] allowed)
    {
        var given = context.Request.ContentType?.Split(';')[0].Trim();
        if (!allowed.Contains(given, StringComparer.OrdinalIgnoreCase))
        {
            throw new ProblemException(
                Problems.UnsupportedMediaType($"The Content-Type must be {string.Join(" or ", allowed)}.")
            );
        }

        // Nothing is unpacked: what is small on the way may be anything behind it.
        if (context.Request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding and not "identity")
        {
            var shown = encoding.Length > 100 ? encoding[..100] + "…" : encoding;
            throw new ProblemException(
                Problems.UnsupportedMediaType($"Bodies are taken as they are; the Content-Encoding \"{shown}\" is not.")
            );
        }
    }

    private static async Task<byte[]> ReadBytesAsync(HttpContext context, int max)
    {
        if (context.Request.ContentLength > max)
        {
            throw TooLarge(max);
        }

        var body = context.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > max)
            {
                body.AdvanceTo(read.Buffer.End);
                throw TooLarge(max);
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                body.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            // Nothing is consumed until all is there.
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static ProblemException TooLarge(int max) =>
        new(Problems.TooLarge($"The body may have at most {max / 1024 / 1024} MiB."));

    /// <summary>PostgreSQL cannot store NUL in JSON, and a lone surrogate is no text.</summary>
    private static void CheckText(JsonNode? node, string pointer)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    var shown = name.Length > 100 ? name[..100] + "…" : name;
                    var member = $"{pointer}/{shown.Replace("~", "~0").Replace("/", "~1").Replace("\0", "\\u0000")}";
                    CheckString(name, member);
                    CheckText(value, member);
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    CheckText(items[i], $"{pointer}/{i}");
                }

                break;
            case JsonValue value when value.GetValueKind() is JsonValueKind.String:
                CheckString(TextOf(value, pointer), pointer);
                break;
        }
    }

    private static string TextOf(JsonValue value, string pointer)
    {
        try
        {
            return value.GetValue<string>();
        }
        catch (InvalidOperationException)
        {
            throw new ProblemException(
                Problems.Validation(new ProblemError(pointer, "Holds text that is not valid Unicode."))
            );
        }
    }

    private static void CheckString(string text, string pointer)
    {
        if (text.Contains('\0'))
        {
            throw new ProblemException(
                Problems.Validation(new ProblemError(pointer, "May not hold the character NUL (\\u0000)."))
            );
        }
    }

    private static string Describe(Exception exception) =>
        exception switch
        {
            JsonException { LineNumber: { } line } json =>
                $"The body is not valid JSON, line {line + 1}, byte {json.BytePositionInLine + 1}: {Reason(json.Message)}",
            JsonException json => $"The body is not valid JSON: {Reason(json.Message)}",
            _ => "The body holds text that is not valid Unicode.",
        };

    /// <summary>The first sentence: what comes after it repeats the position.</summary>
    private static string Reason(string message)
    {
        var first = message.Split(" LineNumber:")[0].Split(" Path:")[0].Trim();
        return first.Length > 200 ? first[..200] + "…" : first;
    }
}
