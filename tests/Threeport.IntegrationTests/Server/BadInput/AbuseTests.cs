using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Server.BadInput;

/// <summary>F31: what is sent to fill the memory or to hold the processor, against a host as it is installed.</summary>
public sealed class AbuseTests
{
    private const long Gibibyte = 1024L * 1024 * 1024;
    private HostProcess _host = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _host = await HostProcess.StartAsync();
        // Once as it should be: what is compiled for it is not to be taken for what a test costs.
        using (
            await _host.Client.PutAsync("/v0/workload-definitions/usual", Json("""{"spec": {"yamlDocument": "a"}}"""))
        ) { }
    }

    [OneTimeTearDown]
    public Task StopAsync() => _host.DisposeAsync().AsTask();

    [Test]
    public async Task A_body_of_a_gibibyte_is_refused_without_taking_it()
    {
        var before = MemoryOf(_host.Process.Id);
        var start = Stopwatch.GetTimestamp();
        using var content = new StreamContent(new Endless(Gibibyte));
        content.Headers.ContentType = new("application/json");
        content.Headers.ContentLength = Gibibyte;
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v0/workload-definitions/huge")
        {
            Content = content,
        };
        HttpStatusCode? status = null;
        try
        {
            using var answer = await _host.Client.SendAsync(request);
            status = answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            // Hung up on while it was still sending.
        }

        Assert.That(status, Is.Null.Or.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(TimeSpan.FromSeconds(10)));
        Assert.That(MemoryOf(_host.Process.Id) - before, Is.LessThan(128 * 1024 * 1024));
        await ServesAsync();
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    public async Task A_body_that_would_grow_is_not_unpacked(string encoding)
    {
        using var packed = new MemoryStream();
        await using (var zip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var zeros = new byte[1024 * 1024];
            for (var i = 0; i < 256; i++)
            {
                await zip.WriteAsync(zeros);
            }
        }

        var before = MemoryOf(_host.Process.Id);
        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new("application/json");
        content.Headers.ContentEncoding.Add(encoding);
        using var answer = await _host.Client.PutAsync("/v0/workload-definitions/bomb", content);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
        Assert.That(MemoryOf(_host.Process.Id) - before, Is.LessThan(64 * 1024 * 1024));
        await ServesAsync();
    }

    [TestCase(1, 40_000)]
    [TestCase(150, 10)]
    [TestCase(90, 1_000)]
    public async Task Too_many_or_too_long_headers_are_refused(int count, int length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v0/kinds");
        for (var i = 0; i < count; i++)
        {
            request.Headers.TryAddWithoutValidation($"X-{i}", new string('x', length));
        }

        using var answer = await _host.Client.SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.RequestHeaderFieldsTooLarge));
        await ServesAsync();
    }

    private async Task ServesAsync()
    {
        using var answer = await _host.Client.GetAsync("/v0/kinds");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private static StringContent Json(string text) =>
        new(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    /// <summary>What the process holds in memory, in bytes.</summary>
    private static long MemoryOf(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status")
            .First(static l => l.StartsWith("VmRSS", StringComparison.Ordinal));
        return long.Parse(
                line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
                System.Globalization.CultureInfo.InvariantCulture
            ) * 1024;
    }

    /// <summary>So many bytes of nothing.</summary>
    private sealed class Endless(long left) : Stream
    {
        private long _left = left;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, _left);
            Array.Fill(buffer, (byte)' ', offset, read);
            _left -= read;
            return read;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
