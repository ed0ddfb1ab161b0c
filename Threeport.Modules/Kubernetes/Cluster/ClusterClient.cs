using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Threeport.Kubernetes;

/// <summary>
/// One cluster, on raw JSON: any type of object, whatever the cluster's version. Safe to share; a bounded number of calls
/// run at once, each with a timeout. Every failure is a <see cref="KubernetesException"/>.
/// </summary>
public sealed class ClusterClient : IDisposable
{
    /// <summary>The name under which our fields are ours.</summary>
    public const string FieldManager = "threeport";

    private const int MaximumCalls = 32;
    private const string PartialObject = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    private const string PartialList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    private static readonly ActivitySource Activities = new("Threeport");

    private readonly ClusterHttp _http;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _calls = new(MaximumCalls);
    private readonly Discovery _discovery;

    /// <param name="connection">How to reach it.</param>
    /// <param name="timeout">Of one call; 30 s when null.</param>
    /// <param name="time">The clock.</param>
    public ClusterClient(ClusterConnection connection, TimeSpan? timeout = null, TimeProvider? time = null)
    {
        _timeout = timeout ?? TimeSpan.FromSeconds(30);
        _time = time ?? TimeProvider.System;
        _http = new(connection, _time);
        _discovery = new(GetAsync, _time);
    }

    /// <summary>The API server's address.</summary>
    public Uri Server => _http.Server;

    /// <inheritdoc />
    public void Dispose()
    {
        _http.Dispose();
        _calls.Dispose();
    }

    /// <returns>The version of Kubernetes: <c>v1.33.1</c>.</returns>
    public async Task<string> VersionAsync(CancellationToken cancellationToken) =>
        (await GetAsync("/version", cancellationToken))["gitVersion"]?.GetValue<string>() ?? "";

    /// <returns>The type, or null when the cluster does not serve it.</returns>
    public ValueTask<ApiResource?> FindResourceAsync(
        string apiVersion,
        string kind,
        CancellationToken cancellationToken
    ) => _discovery.FindAsync(apiVersion, kind, cancellationToken);

    /// <returns>The object, or null when there is none, or no such type.</returns>
    public async Task<JsonObject?> FindAsync(
        ObjectReference reference,
        CancellationToken cancellationToken,
        bool metadataOnly = false
    )
    {
        if (await FindResourceAsync(reference.ApiVersion, reference.Kind, cancellationToken) is not { } resource)
        {
            return null;
        }

        using var request = Request(HttpMethod.Get, resource.Path(reference.Namespace, reference.Name));
        Accept(request, metadataOnly ? PartialObject : null);
        try
        {
            return (await SendAsync(request, cancellationToken)).Body;
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Server-side apply: the fields given become ours, by force; those that were ours and are not given go.</summary>
    public async Task<ApplyResult> ApplyAsync(
        JsonObject content,
        CancellationToken cancellationToken,
        bool dryRun = false
    )
    {
        var reference = ObjectReference.Of(content);
        var resource = await ResourceAsync(reference, cancellationToken);
        var query = $"?fieldManager={FieldManager}&force=true{(dryRun ? "&dryRun=All" : "")}";
        using var request = Request(HttpMethod.Patch, resource.Path(reference.Namespace, reference.Name) + query);
        request.Content = Body(content, "application/apply-patch+yaml");
        try
        {
            var (status, body) = await SendAsync(request, cancellationToken);
            return new(body, status == 201);
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            // The type may have gone with its definition; the next look finds out.
            _discovery.Forget(reference.ApiVersion);
            throw;
        }
    }

    /// <summary>Makes an object that must not be there yet.</summary>
    /// <returns>False when there is one of that name; it stays as it is.</returns>
    public async Task<bool> CreateAsync(JsonObject content, CancellationToken cancellationToken)
    {
        var reference = ObjectReference.Of(content);
        var resource = await ResourceAsync(reference, cancellationToken);
        var path = $"{resource.Path(reference.Namespace, name: null)}?fieldManager={FieldManager}";
        using var request = Request(HttpMethod.Post, path);
        request.Content = Body(content, "application/json");
        try
        {
            await SendAsync(request, cancellationToken);
            return true;
        }
        catch (KubernetesException exception) when (exception is { Status: 409, Reason: "AlreadyExists" })
        {
            return false;
        }
    }

    /// <summary>Asks what is answered and not stored: an access review.</summary>
    public async Task<JsonObject> AskAsync(JsonObject question, CancellationToken cancellationToken)
    {
        var reference = ObjectReference.Of(question);
        var resource = await ResourceAsync(reference, cancellationToken);
        using var request = Request(HttpMethod.Post, resource.Path(reference.Namespace, name: null));
        request.Content = Body(question, "application/json");
        return (await SendAsync(request, cancellationToken)).Body;
    }

    /// <summary>What a container printed, up to its first lines; of one that has ended, too.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="container">Which of its containers.</param>
    /// <param name="limit">Bytes, at most.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<string> ReadLogAsync(
        ObjectReference pod,
        string container,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var resource = await ResourceAsync(pod, cancellationToken);
        var path = $"{resource.Path(pod.Namespace, pod.Name)}/log?container={Uri.EscapeDataString(container)}";
        using var request = Request(HttpMethod.Get, $"{path}&limitBytes={limit}");
        using var time = Limit(_timeout, cancellationToken);
        using var response = await CallAsync(request, time.Token, cancellationToken);
        await EnsureAsync(response, time.Token, cancellationToken);
        try
        {
            await using var stream = new AnswerStream(await response.Content.ReadAsStreamAsync(time.Token));
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return await reader.ReadToEndAsync(time.Token);
        }
        catch (Exception exception) when (Unreachable(exception, cancellationToken) is { } unreachable)
        {
            throw unreachable;
        }
    }

    /// <summary>Deletes one object.</summary>
    /// <param name="reference">Which.</param>
    /// <param name="propagation">What becomes of those that it made.</param>
    /// <param name="uid">Only if it is this very object and not another of the same name.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<DeleteOutcome> DeleteAsync(
        ObjectReference reference,
        Propagation propagation,
        string? uid,
        CancellationToken cancellationToken
    )
    {
        if (await FindResourceAsync(reference.ApiVersion, reference.Kind, cancellationToken) is not { } resource)
        {
            return DeleteOutcome.NotFound;
        }

        var options = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["propagationPolicy"] = propagation.ToString(),
        };
        if (uid is not null)
        {
            options["preconditions"] = new JsonObject { ["uid"] = uid };
        }

        using var request = Request(HttpMethod.Delete, resource.Path(reference.Namespace, reference.Name));
        request.Content = Body(options, "application/json");
        try
        {
            var (_, body) = await SendAsync(request, cancellationToken);
            return body["kind"]?.GetValue<string>() == "Status" ? DeleteOutcome.Gone : DeleteOutcome.Terminating;
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            return DeleteOutcome.NotFound;
        }
    }

    /// <summary>All that match, read page by page.</summary>
    public async Task<ObjectList> ListAsync(ApiResource resource, ListQuery query, CancellationToken cancellationToken)
    {
        var items = new List<JsonObject>();
        var version = "";
        await foreach (var page in PagesAsync(resource, query, cancellationToken))
        {
            items.AddRange(page.Items);
            version = page.ResourceVersion;
        }

        return new(items, version);
    }

    /// <summary>All that match, a page at a time, for those who do not keep them; all pages are of the same point in history.</summary>
    public async IAsyncEnumerable<ObjectList> PagesAsync(
        ApiResource resource,
        ListQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var from = "";
        do
        {
            var page = await PageAsync(resource, query, from, cancellationToken);
            var items = (page["items"] as JsonArray ?? []).ToArray();
            yield return new(
                [.. items.Select(item => Named((JsonObject)item!, resource))],
                page["metadata"]?["resourceVersion"]?.GetValue<string>() ?? ""
            );
            from = page["metadata"]?["continue"]?.GetValue<string>() ?? "";
        } while (from.Length > 0);
    }

    /// <summary>How many there are, without reading them all.</summary>
    public async Task<int> CountAsync(ApiResource resource, CancellationToken cancellationToken)
    {
        var page = await PageAsync(resource, new() { PageSize = 1 }, from: "", cancellationToken);
        var shown = (page["items"] as JsonArray)?.Count ?? 0;
        return shown + (int)(page["metadata"]?["remainingItemCount"]?.GetValue<long>() ?? 0);
    }

    /// <summary>
    /// Changes after a point in history, bookmarks among them. Ends when the server ends it, which it does every few minutes:
    /// go on from the last resource version seen.
    /// </summary>
    /// <param name="resource">The type.</param>
    /// <param name="query">Which objects.</param>
    /// <param name="resourceVersion">Of the list or the last event.</param>
    /// <param name="duration">After how long the server shall end it; a watch that is silent for longer is given up.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="KubernetesException"><see cref="KubernetesException.IsGone"/>: too long ago, list again.</exception>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ApiResource resource,
        ListQuery query,
        string resourceVersion,
        TimeSpan duration,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var path =
            resource.Path(query.Namespace, name: null)
            + Selected(query, "watch=true")
            + $"&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(resourceVersion)}"
            + $"&timeoutSeconds={(int)duration.TotalSeconds}";
        using var limit = Limit(duration + _timeout, cancellationToken);
        using var request = Request(HttpMethod.Get, path);
        Accept(request, query.MetadataOnly ? PartialObject : null);
        using var response = await CallAsync(request, limit.Token, cancellationToken);
        await EnsureAsync(response, limit.Token, cancellationToken);
        await using var stream = new AnswerStream(await response.Content.ReadAsStreamAsync(limit.Token));
        using var reader = new StreamReader(stream, Encoding.UTF8, false, 16 * 1024);
        while (await LineAsync(reader, limit.Token, cancellationToken) is { } line)
        {
            stream.Renew();
            yield return Event(line, resource);
        }
    }

    private async Task<string?> LineAsync(StreamReader reader, CancellationToken limited, CancellationToken caller)
    {
        try
        {
            return await reader.ReadLineAsync(limited);
        }
        catch (Exception exception) when (Unreachable(exception, caller) is { } unreachable)
        {
            throw unreachable;
        }
    }

    private static WatchEvent Event(string line, ApiResource resource)
    {
        var change = JsonNode.Parse(line)!.AsObject();
        var content = change["object"]!.AsObject();
        change.Remove("object");
        return change["type"]!.GetValue<string>() switch
        {
            "ADDED" => new(WatchEventType.Added, Named(content, resource)),
            "MODIFIED" => new(WatchEventType.Modified, Named(content, resource)),
            "DELETED" => new(WatchEventType.Deleted, Named(content, resource)),
            "BOOKMARK" => new(WatchEventType.Bookmark, content),
            _ => throw Failure(content["code"]?.GetValue<int>() ?? 500, content),
        };
    }

    /// <summary>Items of a list lack their type, and partial ones carry that of the partial form.</summary>
    private static JsonObject Named(JsonObject item, ApiResource resource)
    {
        (item.Parent as JsonArray)?.Remove(item);
        item["apiVersion"] = resource.ApiVersion;
        item["kind"] = resource.Kind;
        return item;
    }

    private async Task<JsonObject> PageAsync(
        ApiResource resource,
        ListQuery query,
        string from,
        CancellationToken cancellationToken
    )
    {
        var path = resource.Path(query.Namespace, name: null) + Selected(query, $"limit={query.PageSize}");
        using var request = Request(
            HttpMethod.Get,
            from.Length == 0 ? path : $"{path}&continue={Uri.EscapeDataString(from)}"
        );
        Accept(request, query.MetadataOnly ? PartialList : null);
        try
        {
            return (await SendAsync(request, cancellationToken)).Body;
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            // The type has gone with its definition.
            _discovery.Forget(resource.ApiVersion);
            throw;
        }
    }

    private static string Selected(ListQuery query, string rest) =>
        "?"
        + (query.LabelSelector is { } label ? $"labelSelector={Uri.EscapeDataString(label)}&" : "")
        + (query.FieldSelector is { } field ? $"fieldSelector={Uri.EscapeDataString(field)}&" : "")
        + rest;

    private async Task<ApiResource> ResourceAsync(ObjectReference reference, CancellationToken cancellationToken) =>
        await FindResourceAsync(reference.ApiVersion, reference.Kind, cancellationToken)
        ?? throw new KubernetesException(
            404,
            "UnknownKind",
            $"The cluster does not know {reference.Kind} of {reference.ApiVersion}."
        );

    private async Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Get, path);
        return (await SendAsync(request, cancellationToken)).Body;
    }

    private HttpRequestMessage Request(HttpMethod method, string path) => new(method, new Uri(_http.Server, path));

    private static void Accept(HttpRequestMessage request, string? form)
    {
        if (form is not null)
        {
            request.Headers.Accept.ParseAdd(form);
        }
    }

    private static ByteArrayContent Body(JsonObject content, string mediaType) =>
        new(Utf8(content)) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };

    private static byte[] Utf8(JsonNode node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            node.WriteTo(writer);
        }

        return stream.ToArray();
    }

    private async Task<(int Status, JsonObject Body)> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        using var activity = Activities.StartActivity(
            $"kubernetes {request.Method.Method.ToLowerInvariant()}",
            ActivityKind.Client
        );
        activity?.SetTag("server.address", _http.Server.Host);
        activity?.SetTag("url.path", request.RequestUri!.AbsolutePath);
        using var limit = Limit(_timeout, cancellationToken);
        await WaitAsync(limit.Token, cancellationToken);
        try
        {
            using var response = await CallAsync(request, limit.Token, cancellationToken);
            activity?.SetTag("http.response.status_code", (int)response.StatusCode);
            await EnsureAsync(response, limit.Token, cancellationToken);
            return ((int)response.StatusCode, await ReadAsync(response, limit.Token, cancellationToken));
        }
        catch (KubernetesException exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
        finally
        {
            _calls.Release();
        }
    }

    private async Task WaitAsync(CancellationToken limited, CancellationToken caller)
    {
        try
        {
            await _calls.WaitAsync(limited);
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            throw new KubernetesException(
                0,
                KubernetesException.UnreachableReason,
                $"No call to {_http.Server.Authority} could start within {_timeout.TotalSeconds:0} s: {MaximumCalls} others are running."
            );
        }
    }

    private async Task<HttpResponseMessage> CallAsync(
        HttpRequestMessage request,
        CancellationToken limited,
        CancellationToken caller
    )
    {
        try
        {
            return await _http.SendAsync(request, limited);
        }
        catch (Exception exception) when (Unreachable(exception, caller) is { } unreachable)
        {
            throw unreachable;
        }
    }

    private async Task EnsureAsync(HttpResponseMessage response, CancellationToken limited, CancellationToken caller)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        JsonObject? body = null;
        try
        {
            body = await ReadAsync(response, limited, caller);
        }
        catch (JsonException)
        {
            // Not Kubernetes that answers, but something before it; the status says what there is to say.
        }

        var failure = Failure((int)response.StatusCode, body);
        throw new KubernetesException(failure.Status, failure.Reason, failure.Message)
        {
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }

    private async Task<JsonObject> ReadAsync(
        HttpResponseMessage response,
        CancellationToken limited,
        CancellationToken caller
    )
    {
        try
        {
            await using var stream = new AnswerStream(await response.Content.ReadAsStreamAsync(limited));
            return await JsonNode.ParseAsync(stream, cancellationToken: limited) as JsonObject
                ?? throw new JsonException("The answer is not a JSON object.");
        }
        catch (Exception exception) when (Unreachable(exception, caller) is { } unreachable)
        {
            throw unreachable;
        }
    }

    private static KubernetesException Failure(int status, JsonObject? body)
    {
        var reason = body?["reason"] is JsonValue r && r.TryGetValue<string>(out var word) ? word : $"Http{status}";
        var message = body?["message"] is JsonValue m && m.TryGetValue<string>(out var sentence) ? sentence : "";
        return new(status, reason, message.Length > 0 ? message : $"The cluster answered with HTTP status {status}.");
    }

    private static CancellationTokenSource Limit(TimeSpan duration, CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        source.CancelAfter(duration);
        return source;
    }

    /// <returns>What the exception means, or null when it is not about the connection, or the caller gave up.</returns>
    private KubernetesException? Unreachable(Exception exception, CancellationToken caller)
    {
        if (caller.IsCancellationRequested)
        {
            return null;
        }

        var cause = exception switch
        {
            OperationCanceledException => $"no answer within {_timeout.TotalSeconds:0} s",
            HttpRequestException or IOException => exception.GetBaseException().Message.TrimEnd('.'),
            _ => null,
        };
        return cause is null
            ? null
            : new(
                0,
                KubernetesException.UnreachableReason,
                $"Cannot reach {_http.Server.GetLeftPart(UriPartial.Authority)}: {cause}.",
                exception
            );
    }
}
