using System.Text;
using Threeport.BackupFormat;

namespace Threeport.Tests.Backups;

/// <summary>The file of a backup: what was written is read, and whatever is not what was written is noticed.</summary>
public sealed class BackupFileTests
{
    private const string Secret = "correct horse battery";
    private static readonly DateTimeOffset Instant = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Two chunks and a piece of a third.</summary>
    private static readonly byte[] Clear = [.. Enumerable.Range(0, 150_000).Select(static i => (byte)(i * 31))];

    private byte[] _file = [];
    private BackupKey _key = null!;
    private int _header;

    [OneTimeSetUp]
    public async Task WriteAsync()
    {
        (_file, _key, _header) = await SealAsync(Clear);
    }

    [OneTimeTearDown]
    public void Forget() => _key.Dispose();

    [Test]
    public async Task What_was_written_is_read()
    {
        using var file = new MemoryStream(_file);
        var header = await BackupHeader.ReadAsync(file, default);
        using var key = header.Open(Secret);
        using var stream = new OpeningStream(file, header, key);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.ToArray(), Is.EqualTo(Clear));
            Assert.That((header.Product, header.Instant), Is.EqualTo(("1.2.3", Instant)));
            Assert.That(header.Iterations, Is.GreaterThanOrEqualTo(600_000));
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(65_535)]
    [TestCase(65_536)]
    [TestCase(65_537)]
    [TestCase(131_072)]
    public async Task Any_length_is_read_as_it_was_written(int length)
    {
        var (file, key, _) = await SealAsync(Clear[..length]);
        Assert.That(await OpenAsync(file, key), Is.EqualTo(Clear[..length]));
        key.Dispose();
    }

    [Test]
    public void Nothing_of_it_stands_in_the_file()
    {
        Assert.That(_file.AsSpan().IndexOf(Clear.AsSpan(0, 16)), Is.Negative);
        Assert.That(_file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)), Is.Negative);
    }

    [Test]
    public async Task Two_backups_of_the_same_share_nothing_but_the_header()
    {
        var (other, key, header) = await SealAsync(Clear);
        key.Dispose();
        Assert.That(header, Is.EqualTo(_header));
        Assert.That(other.AsSpan(_header + 4, 64).SequenceEqual(_file.AsSpan(_header + 4, 64)), Is.False);
    }

    [Test]
    public async Task A_wrong_passphrase_is_called_so()
    {
        var header = await BackupHeader.ReadAsync(new MemoryStream(_file), default);
        Assert.That(() => header.Open(Secret + "!"), Throws.TypeOf<WrongPassphraseException>());
    }

    [Test]
    public async Task A_file_that_is_cut_off_anywhere_is_noticed()
    {
        var cuts = Enumerable.Range(0, _header + 40).Concat(Around(_header + 4 + 65_536 + 16)).Append(_file.Length - 1);
        foreach (var length in cuts)
        {
            var wrong = await FailureAsync(_file[..length]);
            Assert.That(wrong, Does.Contain("cut off").Or.Contain("not a backup"), $"{length} bytes");
        }
    }

    /// <summary>After a whole chunk that is not the last: no byte is missing of what is there.</summary>
    [Test]
    public async Task A_file_without_its_last_chunk_is_cut_off() =>
        Assert.That(await FailureAsync(_file[..(_header + (2 * (4 + 65_536 + 16)))]), Does.Contain("cut off"));

    [Test]
    public async Task A_bit_that_is_changed_anywhere_is_noticed()
    {
        var random = new Random(4711);
        var places = Enumerable
            .Range(0, 200)
            .Select(_ => random.Next(_header, _file.Length))
            .Concat(Enumerable.Range(_header, 40))
            .Concat(Around(_header + 4 + 65_536 + 16))
            .Append(_file.Length - 1);
        foreach (var place in places)
        {
            var changed = _file.ToArray();
            changed[place] ^= (byte)(1 << random.Next(8));
            Assert.That(await FailureAsync(changed), Is.Not.Null, $"byte {place}");
        }
    }

    /// <summary>With the key of the right one: whoever reads it by the passphrase finds most of them before.</summary>
    [Test]
    public async Task A_header_that_is_changed_anywhere_is_noticed()
    {
        for (var place = 0; place < _header; place++)
        {
            var changed = _file.ToArray();
            changed[place] ^= 1;
            Assert.That(await FailureAsync(changed), Is.Not.Null, $"byte {place}");
        }
    }

    [Test]
    public async Task Chunks_in_another_order_are_noticed()
    {
        const int Size = 4 + 65_536 + 16;
        byte[] swapped =
        [
            .. _file[.._header],
            .. _file[(_header + Size)..(_header + (2 * Size))],
            .. _file[_header..(_header + Size)],
            .. _file[(_header + (2 * Size))..],
        ];
        byte[] twice = [.. _file[..(_header + Size)], .. _file[_header..]];
        byte[] without = [.. _file[.._header], .. _file[(_header + Size)..]];
        foreach (var file in new[] { swapped, twice, without })
        {
            Assert.That(await FailureAsync(file), Does.Contain("was changed"));
        }
    }

    [Test]
    public async Task A_chunk_of_another_backup_is_noticed()
    {
        var (other, key, _) = await SealAsync(Clear);
        key.Dispose();
        Assert.That(await FailureAsync([.. _file[.._header], .. other[_header..]]), Does.Contain("was changed"));
    }

    [Test]
    public async Task What_follows_the_end_is_noticed() =>
        Assert.That(await FailureAsync([.. _file, 0]), Does.Contain("goes on after its end"));

    [Test]
    public async Task A_file_of_something_else_is_called_so() =>
        Assert.That(await FailureAsync("{\"kind\": \"role\"}"u8.ToArray()), Does.Contain("not a backup"));

    [Test]
    public async Task A_newer_format_is_named_with_the_version_that_made_it()
    {
        var text = Encoding.Latin1.GetString(_file).Replace("\"format\":1", "\"format\":2", StringComparison.Ordinal);
        Assert.That(
            await FailureAsync(Encoding.Latin1.GetBytes(text)),
            Does.Contain("format 2").And.Contain("reads 1").And.Contain("1.2.3")
        );
    }

    [TestCase(null, false)]
    [TestCase("elevenchars", false)]
    [TestCase("twelve chars", true)]
    [TestCase("with\nan end of a line", false)]
    public void A_passphrase_is_long_enough_or_refused(string? passphrase, bool good) =>
        Assert.That(Passphrase.Wrong(passphrase) is null, Is.EqualTo(good));

    private static IEnumerable<int> Around(int place) => Enumerable.Range(place - 2, 5);

    private static async Task<(byte[] File, BackupKey Key, int Header)> SealAsync(byte[] clear)
    {
        var (header, key) = BackupHeader.Make("1.2.3", Instant, Secret);
        using var file = new MemoryStream();
        using var stream = new SealingStream(file, header, key);
        for (var at = 0; at < clear.Length; at += 10_000)
        {
            await stream.WriteAsync(clear.AsMemory(at, Math.Min(10_000, clear.Length - at)));
        }

        await stream.CompleteAsync(default);
        return (file.ToArray(), key, header.Encoded.Length);
    }

    private static async Task<byte[]> OpenAsync(byte[] bytes, BackupKey key)
    {
        using var file = new MemoryStream(bytes);
        using var stream = new OpeningStream(file, await BackupHeader.ReadAsync(file, default), key);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read);
        return read.ToArray();
    }

    /// <returns>Null when it was read to its end.</returns>
    private async Task<string?> FailureAsync(byte[] bytes)
    {
        try
        {
            await OpenAsync(bytes, _key);
            return null;
        }
        catch (BackupException e)
        {
            return e.Message;
        }
    }
}
