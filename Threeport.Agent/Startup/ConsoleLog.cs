using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Threeport.Agent.Startup;

/// <summary>One line an entry on standard output: for people on a terminal, JSON elsewhere.</summary>
internal sealed class ConsoleLog(TextWriter output, bool isTerminal, TimeProvider time) : ILogger
{
    private readonly Lock _gate = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var message = formatter(state, exception);
        var line = isTerminal
            ? $"{time.GetLocalNow():HH:mm:ss} {logLevel} {message}{(exception is null ? "" : $"\n{exception}")}"
            : Json(logLevel, eventId, state, exception, message);
        lock (_gate)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    private string Json<TState>(LogLevel level, EventId id, TState state, Exception? exception, string message)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("time", time.GetUtcNow());
            writer.WriteString("level", level.ToString());
            writer.WriteString("event", id.Name);
            writer.WriteString("message", message);
            foreach (var (name, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
            {
                if (name != "{OriginalFormat}")
                {
                    writer.WriteString(JsonNamingPolicy.CamelCase.ConvertName(name), value?.ToString());
                }
            }

            if (exception is not null)
            {
                writer.WriteString("exception", exception.ToString());
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
