using System.Globalization;

namespace Threeport.IntegrationTests.Soak;

/// <summary>What <c>build/soak</c> and a soak tell each other by their environment.</summary>
internal static class SoakOutput
{
    /// <summary>A run's choices are repeated with its seed.</summary>
    public static int Seed() =>
        int.TryParse(Environment.GetEnvironmentVariable("THREEPORT_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next();

    public static void Say(string line)
    {
        TestContext.Out.WriteLine(line);
        if (Environment.GetEnvironmentVariable("THREEPORT_SOAK_LOG") is { Length: > 0 } log)
        {
            File.AppendAllText(log, line + "\n");
        }
    }

    public static async Task WriteAsync(string json)
    {
        if (Environment.GetEnvironmentVariable("THREEPORT_SOAK_OUT") is { Length: > 0 } file)
        {
            await File.WriteAllTextAsync(file, json);
        }
    }
}
