using System.Globalization;

namespace Threeport.Cli.Output;

/// <summary>Times as people say them: 41s, 3m, 2h, 5d.</summary>
internal static class Age
{
    public static string Of(string? time, DateTimeOffset now) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, out var then) ? Of(now - then) : "";

    public static string Of(TimeSpan span) =>
        span switch
        {
            { TotalSeconds: < 1 } => "0s",
            { TotalSeconds: < 120 } => $"{(int)span.TotalSeconds}s",
            { TotalMinutes: < 120 } => $"{(int)span.TotalMinutes}m",
            { TotalHours: < 48 } => $"{(int)span.TotalHours}h",
            _ => $"{(int)span.TotalDays}d",
        };

    /// <exception cref="FailureException">It is not a duration.</exception>
    public static TimeSpan Parse(string text)
    {
        var factor = text switch
        {
            [.., 'h'] => 3_600.0,
            [.., 'm'] => 60.0,
            [.., 's'] => 1.0,
            _ => 0.0,
        };
        return
            factor > 0
            && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? TimeSpan.FromSeconds(number * factor)
            : throw new FailureException($"\"{text}\" is not a duration. Write 30s, 5m or 1h.", ExitCode.Usage);
    }
}
