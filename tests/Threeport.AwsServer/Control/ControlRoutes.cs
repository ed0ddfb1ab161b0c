using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Control;

/// <summary>The control over HTTP, for scripts: JSON below <c>/_control</c>.</summary>
internal static class ControlRoutes
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    public static void MapControl(this IEndpointRouteBuilder app, AwsControl control)
    {
        var group = app.MapGroup("/_control");
        group.AddEndpointFilter(
            static async (context, next) =>
            {
                try
                {
                    return await next(context);
                }
                catch (Exception e) when (e is InvalidOperationException or JsonException or AwsException)
                {
                    return Results.BadRequest(new { error = e.Message });
                }
            }
        );
        MapState(group, control);
        MapFaults(group, control);
        MapLeftovers(group, control);
    }

    private static void MapState(RouteGroupBuilder group, AwsControl control)
    {
        group.MapGet("/resources", () => Write(control.Resources));
        group.MapGet("/calls", () => Write(control.Calls));
        group.MapDelete("/calls", control.ClearCalls);
        group.MapGet("/counts", () => Write(control.Counts));
        group.MapGet("/settings", () => Write(control.Settings));
        group.MapPatch(
            "/settings",
            async (HttpRequest request) =>
            {
                var patch = await ReadAsync<JsonObject>(request);
                control.Configure(settings =>
                {
                    var merged = JsonSerializer.SerializeToNode(settings, Json)!.AsObject();
                    Merge(merged, patch);
                    return merged.Deserialize<AwsSettings>(Json)!;
                });
                return Write(control.Settings);
            }
        );
    }

    private static void MapFaults(RouteGroupBuilder group, AwsControl control)
    {
        group.MapGet("/faults", () => Write(control.Faults));
        group.MapPost("/faults", async (HttpRequest request) => control.Add(await ReadAsync<AwsFault>(request)));
        group.MapDelete("/faults", control.ClearFaults);
        group.MapPut("/denied/{account}/{action}", control.Deny);
        group.MapDelete("/denied/{account}/{action}", control.Allow);
        group.MapPut(
            "/issuers",
            async (HttpRequest request, string issuer) =>
                control.SetIssuerKeys(issuer, (await ReadAsync<JsonObject>(request)).ToJsonString())
        );
    }

    private static void MapLeftovers(RouteGroupBuilder group, AwsControl control)
    {
        const string Cluster = "/clusters/{account}/{region}/{name}";
        group.MapPost(
            $"{Cluster}/load-balancers",
            (string account, string region, string name) =>
                Write(new { group = control.AddLoadBalancer(new(account, region, name)) })
        );
        group.MapDelete(
            $"{Cluster}/load-balancers/{{id}}",
            (string account, string region, string name, string id) =>
                control.RemoveLoadBalancer(new(account, region, name), id)
        );
        group.MapPost(
            $"{Cluster}/volumes",
            (string account, string region, string name) =>
                Write(new { volume = control.AddVolume(new(account, region, name)) })
        );
    }

    private static IResult Write<T>(T value) => Results.Json(value, Json);

    private static async Task<T> ReadAsync<T>(HttpRequest request) =>
        await JsonSerializer.DeserializeAsync<T>(request.Body, Json, request.HttpContext.RequestAborted)
        ?? throw new JsonException("A body is needed.");

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch.ToList())
        {
            if (target[name] is JsonObject inner && value is JsonObject changes)
            {
                Merge(inner, changes);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }
}
