using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>Calls the API layer over HTTPS. Whatever goes wrong is a <see cref="ProblemException"/>, as it is in process.</summary>
internal sealed class ApiClient(HttpClient http)
{
    /// <summary>A newer API layer may say more than this process knows.</summary>
    public static JsonSerializerOptions Json { get; } = ResourceJson.Create(strict: false);

    /// <summary>The answer's body; default when there is none, or when what is read or deleted is not there.</summary>
    public async Task<TAnswer?> SendAsync<TAnswer>(
        HttpMethod method,
        string path,
        object? body,
        CancellationToken cancellationToken
    )
    {
        // What the client would take for a request that it makes itself; one that is made here has another.
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative))
        {
            Version = http.DefaultRequestVersion,
            VersionPolicy = http.DefaultVersionPolicy,
        };
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType(), options: ResourceJson.Wire);
        }

        try
        {
            using var answer = await http.SendAsync(request, cancellationToken);
            var mayBeMissing = method == HttpMethod.Get || method == HttpMethod.Delete;
            if (
                answer.StatusCode is HttpStatusCode.NoContent
                || (answer.StatusCode is HttpStatusCode.NotFound && mayBeMissing)
            )
            {
                return default;
            }

            if (!answer.IsSuccessStatusCode)
            {
                throw new ProblemException(await ProblemOfAsync(answer, cancellationToken));
            }

            return await answer.Content.ReadFromJsonAsync<TAnswer>(Json, cancellationToken);
        }
        catch (Exception exception) when (IsAway(exception, cancellationToken))
        {
            throw new ProblemException(
                Problems.Unavailable($"The API at {http.BaseAddress} does not answer: {exception.Message}")
            );
        }
    }

    private static bool IsAway(Exception exception, CancellationToken cancellationToken) =>
        exception
            is HttpRequestException
                or IOException
                or JsonException
                or OperationCanceledException
                or Polly.Timeout.TimeoutRejectedException
        && !cancellationToken.IsCancellationRequested;

    private static async Task<Problem> ProblemOfAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.Content.Headers.ContentType?.MediaType == Problem.MediaType)
        {
            return await answer.Content.ReadFromJsonAsync<Problem>(Json, cancellationToken) ?? new Problem();
        }

        return new()
        {
            Status = (int)answer.StatusCode,
            Title = answer.ReasonPhrase ?? "",
            Detail = $"The API answered {(int)answer.StatusCode}.",
        };
    }
}
