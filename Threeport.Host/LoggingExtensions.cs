namespace Threeport.Host;

/// <summary>Lines for people on a terminal, JSON for machines otherwise.</summary>
internal static class LoggingExtensions
{
    public static ILoggingBuilder AddThreeportLogging(this ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.ClearProviders().AddConfiguration(configuration.GetSection("Logging"));
        return Console.IsOutputRedirected
            ? logging.AddJsonConsole(static o =>
            {
                o.UseUtcTimestamp = true;
                o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            })
            : logging.AddSimpleConsole(static o =>
            {
                o.SingleLine = true;
                o.TimestampFormat = "HH:mm:ss ";
            });
    }
}
