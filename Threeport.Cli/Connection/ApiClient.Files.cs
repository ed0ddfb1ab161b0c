using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Threeport.Cli.Connection;

/// <summary>What is too large for memory is streamed.</summary>
internal sealed partial class ApiClient
{
    private const string BackupMediaType = "application/vnd.threeport.backup";
    private const int BufferSize = 64 * 1024;

    /// <summary>Has the answer written to a stream, as long as it takes; each piece of it may take as long as an answer.</summary>
    /// <exception cref="FailureException">It was not done, or the connection was lost on the way.</exception>
    public async Task DownloadAsync(string path, JsonNode body, Stream target, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(RequestTimeout);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            Trace(request, response);
            await RequireAsync(response, limit.Token);
            await using var content = await response.Content.ReadAsStreamAsync(limit.Token);
            var buffer = new byte[BufferSize];
            while (await content.ReadAsync(buffer, limit.Token) is > 0 and var read)
            {
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                limit.CancelAfter(RequestTimeout);
            }
        }
        catch (Exception e) when (IsLost(e, cancellationToken))
        {
            throw Unreachable(e);
        }
    }

    /// <summary>Sends a line of JSON and then a file, and waits for what becomes of it.</summary>
    /// <exception cref="FailureException">It was not done.</exception>
    public async Task<Answer> UploadAsync(
        string path,
        JsonNode line,
        Stream file,
        TimeSpan wait,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new LineAndFile(Encoding.UTF8.GetBytes(line.ToJsonString() + "\n"), file);
        request.Content.Headers.ContentType = new(BackupMediaType);
        // A refusal comes before the file is sent, instead of a connection that breaks under it.
        request.Headers.ExpectContinue = true;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(wait);
        try
        {
            using var response = await _http.SendAsync(request, limit.Token);
            Trace(request, response);
            await RequireAsync(response, limit.Token);
            var text = await response.Content.ReadAsStringAsync(limit.Token);
            return new((int)response.StatusCode, Parse(text), response.Headers);
        }
        catch (Exception e) when (IsLost(e, cancellationToken))
        {
            throw Unreachable(e);
        }
    }

    private static bool IsLost(Exception exception, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && exception is HttpRequestException or HttpIOException or OperationCanceledException;

    private static async Task RequireAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            throw ApiProblem.ToFailure(new((int)response.StatusCode, Parse(text), response.Headers));
        }
    }

    private sealed class LineAndFile(byte[] line, Stream file) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream,
            TransportContext? context,
            CancellationToken cancellationToken
        )
        {
            await stream.WriteAsync(line, cancellationToken);
            await file.CopyToAsync(stream, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = line.Length + file.Length;
            return true;
        }
    }
}
