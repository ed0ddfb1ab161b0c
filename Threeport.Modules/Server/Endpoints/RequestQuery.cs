using System.Globalization;
using Microsoft.AspNetCore.Http;
using Threeport.Api;
using Threeport.Server.Resources;

namespace Threeport.Server.Endpoints;

/// <summary>Reads query strings and conditional headers strictly: what is not known is a 400, not ignored.</summary>
internal static class RequestQuery
{
    /// <summary>Key in <see cref="HttpContext.Items"/>: sensitive values are asked for, and may be.</summary>
    public const string Reveal = "threeport.reveal";
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(10);

    public static void Require(HttpContext context, params string[] known)
    {
        var unknown = context.Request.Query.Keys.FirstOrDefault(k => !known.Contains(k));
        if (unknown is not null)
        {
            var allowed = known.Length == 0 ? "none is known here" : $"known are {string.Join(", ", known)}";
            throw Wrong(unknown, $"There is no such query parameter; {allowed}.");
        }
    }

    /// <summary>Whether sensitive values are asked for.</summary>
    public static bool AsksReveal(HttpContext context) => Flag(context, "reveal");

    public static bool DryRun(HttpContext context) => Flag(context, "dryRun");

    /// <returns>How long to wait until it is reconciled; null when not to.</returns>
    public static TimeSpan? Wait(HttpContext context)
    {
        if (Single(context, "wait") is not { } text)
        {
            return null;
        }

        var factor = text switch
        {
            [.., 'm'] => 60.0,
            [.., 's'] => 1.0,
            _ => 0.0,
        };
        if (
            factor > 0
            && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * factor <= MaxWait.TotalSeconds
        )
        {
            return TimeSpan.FromSeconds(number * factor);
        }

        throw Wrong("wait", "Must be a duration such as 30s or 5m, at most 10m.");
    }

    public static ListQuery List(HttpContext context)
    {
        var terms = new List<FilterTerm>();
        foreach (var (key, values) in context.Request.Query)
        {
            if (key is "sort" or "limit" or "continue" or "reveal")
            {
                continue;
            }

            if (key.Contains('\0'))
            {
                throw Wrong(key.Replace("\0", "\\u0000"), "May not hold NUL.");
            }

            foreach (var value in values)
            {
                terms.Add(
                    key is [.., '!'] ? new(key[..^1], true, Text(key, value)) : new(key, false, Text(key, value))
                );
            }
        }

        if (terms.Count > 20)
        {
            throw Wrong(terms[20].Path, "At most 20 filters are taken.");
        }

        return new(terms, Single(context, "sort"), Limit(context), Single(context, "continue"));
    }

    /// <returns>The revision of <c>If-Match</c>; null without one.</returns>
    public static long? IfMatch(HttpContext context)
    {
        var text = context.Request.Headers.IfMatch.ToString();
        return text switch
        {
            "" => null,
            "*" => WriteRequest.AnyRevision,
            ['"', .., '"']
                when long.TryParse(text[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var revision) =>
                revision,
            _ => throw new ProblemException(
                Problems.BadRequest("If-Match must be an ETag that this resource had, such as \"7\", or *.")
            ),
        };
    }

    public static int Limit(HttpContext context)
    {
        if (Single(context, "limit") is not { } text)
        {
            return ListQuery.DefaultLimit;
        }

        return
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= ListQuery.MaxLimit
            ? limit
            : throw Wrong("limit", $"Must be a whole number from 1 to {ListQuery.MaxLimit}.");
    }

    public static bool Flag(HttpContext context, string name) =>
        Single(context, name) switch
        {
            null or "false" => false,
            "true" or "" => true,
            _ => throw Wrong(name, "Must be true or false."),
        };

    public static string? Single(HttpContext context, string name) =>
        context.Request.Query[name] switch
        {
            { Count: 0 } => null,
            [var value] => Text(name, value),
            _ => throw Wrong(name, "May be given once."),
        };

    private static string Text(string name, string? value) =>
        value is null ? ""
        : value.Contains('\0') || value.Length > 4_096
            ? throw Wrong(name, "May not hold NUL, nor more than 4096 characters.")
        : value;

    public static ProblemException Wrong(string name, string detail) =>
        new(Problems.Validation(new ProblemError($"?{(name.Length > 100 ? name[..100] + "…" : name)}", detail)));
}
