using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Threeport.Runtime;

/// <summary>
/// <c>Threeport:Concurrency:Default</c> and <c>Threeport:Concurrency:&lt;plural&gt;</c>: how many resources of a kind are
/// reconciled at once. <c>Threeport:PassTimeout</c>: after how long a pass is cut off.
/// </summary>
internal sealed class ControllerOptions(IConfiguration configuration)
{
    private const int DefaultWorkers = 32;
    private const int MostWorkers = 256;

    /// <summary>How long a reconciler may take to return once it was told to stop, before its outcome is written without it.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public TimeSpan PassTimeout { get; } = TimeoutOf(configuration["Threeport:PassTimeout"]);

    /// <exception cref="SettingsException">The configured number is none, or out of range.</exception>
    public int Workers(string plural) =>
        Parse($"Threeport:Concurrency:{plural}") ?? Parse("Threeport:Concurrency:Default") ?? DefaultWorkers;

    private static TimeSpan TimeoutOf(string? text) =>
        string.IsNullOrEmpty(text) ? TimeSpan.FromMinutes(5)
        : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var timeout) && timeout > TimeSpan.Zero ? timeout
        : throw new SettingsException($"Threeport:PassTimeout is a time such as 00:05:00, not \"{text}\".");

    private int? Parse(string key) =>
        configuration[key] is not { Length: > 0 } text ? null
        : int.TryParse(text, CultureInfo.InvariantCulture, out var workers) && workers is >= 1 and <= MostWorkers
            ? workers
        : throw new SettingsException($"{key} is a number from 1 to {MostWorkers}, not \"{text}\".");
}
