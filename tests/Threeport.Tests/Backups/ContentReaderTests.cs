using System.Text;
using Threeport.BackupFormat;

namespace Threeport.Tests.Backups;

/// <summary>The tables in a backup, however the bytes come.</summary>
public sealed class ContentReaderTests
{
    private static readonly (TableSection Section, string Rows)[] Tables =
    [
        (new("empty", ["a"]), ""),
        (new("texts", ["id", "text"]), "1\ta\\\\.\n2\t\\N\n3\t\\\\.\n"),
        (new("long", ["data"]), new string('x', 700_000) + "\ny\n\n"),
        (new("last", ["é"]), "ü\n"),
    ];

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(7)]
    [TestCase(100_000)]
    public async Task Rows_are_the_same_in_pieces_of_any_size(int piece)
    {
        var reader = new ContentReader(new Pieces(Content(), piece));
        foreach (var (section, rows) in Tables)
        {
            var read = (await reader.NextAsync(default))!;
            Assert.That(
                (read.Table, string.Join(',', read.Columns)),
                Is.EqualTo((section.Table, string.Join(',', section.Columns)))
            );
            var (text, count) = await RowsAsync(reader);
            Assert.That(text == rows, Is.True, section.Table);
            Assert.That(count, Is.EqualTo(rows.Count(static c => c == '\n')));
        }

        Assert.That(await reader.NextAsync(default), Is.Null);
    }

    [TestCase("\\.\n{\"rows\":3}", "\\.\n{\"rows\":2}", TestName = "fewer rows than counted")]
    [TestCase("{\"tables\":4}", "{\"tables\":5}", TestName = "fewer tables than counted")]
    [TestCase("{\"tables\":4}\n", "", TestName = "no end")]
    [TestCase("{\"tables\":4}\n", "{\"tables\":4}\n{}\n", TestName = "more after the end")]
    [TestCase("{\"rows\":1}", "{\"rows\":", TestName = "no JSON")]
    public async Task What_is_not_as_it_is_written_is_refused(string was, string @is)
    {
        var text = Encoding.UTF8.GetString(Content());
        Assert.That(text, Does.Contain(was));
        var reader = new ContentReader(
            new MemoryStream(Encoding.UTF8.GetBytes(text.Replace(was, @is, StringComparison.Ordinal)))
        );
        await Assert.ThatAsync(
            async () =>
            {
                while (await reader.NextAsync(default) is not null)
                {
                    await RowsAsync(reader);
                }
            },
            Throws.TypeOf<BackupException>()
        );
    }

    private static byte[] Content()
    {
        var content = new List<byte>();
        foreach (var (section, rows) in Tables)
        {
            content.AddRange(section.Begin());
            content.AddRange(Encoding.UTF8.GetBytes(rows));
            content.AddRange(TableSection.End(rows.Count(static c => c == '\n')));
        }

        content.AddRange(TableSection.EndOfTables(Tables.Length));
        return [.. content];
    }

    private static async Task<(string Text, long Rows)> RowsAsync(ContentReader reader)
    {
        using var text = new MemoryStream();
        var rows = await reader.RowsAsync((piece, token) => text.WriteAsync(piece, token), default);
        return (Encoding.UTF8.GetString(text.ToArray()), rows);
    }

    private sealed class Pieces(byte[] content, int size) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
