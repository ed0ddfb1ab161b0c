using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Calls;

/// <summary>A request as it came over the wire.</summary>
internal sealed record Incoming(
    string Method,
    string Path,
    IReadOnlyList<KeyValuePair<string, string>> Query,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body
)
{
    private const int Largest = 1024 * 1024;

    private IReadOnlyDictionary<string, string>? _form;

    public string RequestId { get; } = Guid.NewGuid().ToString();

    public SignedRequest? Signed { get; } = SignedRequest.Read(Method, Path, Query, Headers);

    /// <summary>The parameters of the Query protocol: the form's, or those of the address.</summary>
    public IReadOnlyDictionary<string, string> Form => _form ??= ReadForm();

    public static async Task<Incoming> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is var read and > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > Largest)
            {
                throw new BadHttpRequestException("The request is too large.", StatusCodes.Status413PayloadTooLarge);
            }
        }

        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        return new(
            context.Request.Method,
            target[0],
            target.Length == 2 ? UriText.Pairs(target[1]) : [],
            context.Request.Headers.ToDictionary(
                static header => header.Key.ToLowerInvariant(),
                static header => string.Join(',', header.Value.AsEnumerable())
            ),
            body.ToArray()
        );
    }

    private Dictionary<string, string> ReadForm()
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal);
        var isForm =
            Method == "POST"
            && Headers
                .GetValueOrDefault("content-type")
                ?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal)
                is true;
        foreach (var (name, value) in isForm ? UriText.Pairs(Encoding.UTF8.GetString(Body)).Concat(Query) : Query)
        {
            form.TryAdd(name, value);
        }

        return form;
    }
}
