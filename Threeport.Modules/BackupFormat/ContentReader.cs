using System.Text.Json;
using System.Text.Json.Nodes;

namespace Threeport.BackupFormat;

/// <summary>Reads what a backup holds, table by table, without having more of it in memory than a buffer.</summary>
/// <param name="content">An <see cref="OpeningStream"/>.</param>
public sealed class ContentReader(Stream content)
{
    private const int BufferSize = 256 * 1024;

    private readonly byte[] _buffer = new byte[BufferSize];
    private int _next;
    private int _filled;
    private int _tables;

    /// <summary>The next table; null after the last. The rows of the one before have to have been read.</summary>
    /// <exception cref="BackupException">It is cut off, was changed, or holds what none is written with.</exception>
    public async Task<TableSection?> NextAsync(CancellationToken cancellationToken)
    {
        var line = await LineAsync(cancellationToken);
        if (line["tables"] is { } tables)
        {
            if (Number(tables) != _tables || await FillAsync(cancellationToken) || _next < _filled)
            {
                throw Odd();
            }

            return null;
        }

        _tables++;
        return line["table"] is JsonValue name && line["columns"] is JsonArray columns
            ? new(Text(name), [.. columns.Select(Text)])
            : throw Odd();
    }

    /// <summary>Hands on the rows of the table, as they are, in pieces that may end anywhere.</summary>
    /// <returns>How many there were.</returns>
    public async Task<long> RowsAsync(
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink,
        CancellationToken cancellationToken
    )
    {
        long rows = 0;
        for (var begin = true; ; )
        {
            while (_filled - _next < TableSection.EndOfRows.Length)
            {
                if (!await FillAsync(cancellationToken))
                {
                    throw Odd();
                }
            }

            var (length, ended) = Cut(_buffer.AsSpan(_next, _filled - _next), begin);
            rows += _buffer.AsSpan(_next, length).Count((byte)'\n');
            if (length > 0)
            {
                await sink(_buffer.AsMemory(_next, length), cancellationToken);
            }

            _next += length + (ended ? TableSection.EndOfRows.Length : 0);
            begin = begin && length == 0;
            if (ended)
            {
                break;
            }

            if (!await FillAsync(cancellationToken))
            {
                throw Odd();
            }
        }

        return Number((await LineAsync(cancellationToken))["rows"]) == rows ? rows : throw Odd();
    }

    /// <returns>How much of it is rows, and whether the line that ends them follows at once.</returns>
    private static (int Length, bool Ended) Cut(ReadOnlySpan<byte> window, bool begin)
    {
        if (begin && window.StartsWith(TableSection.EndOfRows))
        {
            return (0, true);
        }

        var end = window.IndexOf("\n\\.\n"u8);
        // Else the line may have begun: what could be its beginning is kept.
        return end >= 0 ? (end + 1, true) : (Math.Max(0, window.Length - TableSection.EndOfRows.Length), false);
    }

    private async Task<JsonObject> LineAsync(CancellationToken cancellationToken)
    {
        int length;
        while ((length = _buffer.AsSpan(_next, _filled - _next).IndexOf((byte)'\n')) < 0)
        {
            if (!await FillAsync(cancellationToken))
            {
                throw Odd();
            }
        }

        try
        {
            var line = JsonNode.Parse(_buffer.AsSpan(_next, length)) as JsonObject;
            _next += length + 1;
            return line ?? throw Odd();
        }
        catch (JsonException)
        {
            throw Odd();
        }
    }

    /// <returns>False at the end.</returns>
    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_next, _filled - _next).CopyTo(_buffer);
        (_next, _filled) = (0, _filled - _next);
        if (_filled == _buffer.Length)
        {
            throw Odd();
        }

        var read = await content.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
        _filled += read;
        return read > 0;
    }

    private static string Text(JsonNode? node) =>
        node?.GetValueKind() is JsonValueKind.String ? (string)node! : throw Odd();

    private static long Number(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out long number) ? number : throw Odd();

    /// <summary>Whoever had the key wrote it: a version that writes otherwise than this one reads.</summary>
    private static BackupException Odd() => new("The backup holds what this version of Threeport cannot read.");
}
