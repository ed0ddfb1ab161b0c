using System.Text.Json.Nodes;
using Threeport.Cli.Connection;
using Threeport.Cli.Output;
using Threeport.Installation;

namespace Threeport.Cli.Clusters;

/// <summary>Tells an installed control plane of its cluster and of itself, and waits until it has found both well.</summary>
internal sealed class Registration(ApiClient client, string name, TimeSpan limit)
{
    public const string Runtimes = "kubernetes-runtime-instances";
    public const string ControlPlanes = "control-plane-instances";

    /// <summary>The cluster takes workloads, too; the agent comes with that.</summary>
    public async Task<string> RuntimeAsync(
        Installer installer,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        if (!await IsThereAsync(Runtimes, cancellationToken))
        {
            progress("to register this cluster as a runtime");
            await PutAsync(
                "kubernetes-runtime-definitions",
                new() { ["infraProvider"] = "existing" },
                cancellationToken
            );
            var list = await client.SendAsync(ApiRequest.Get($"/v0/{Runtimes}?limit=1"), cancellationToken);
            var spec = Json.Object(
                ("kubernetesRuntimeDefinition", name),
                ("kubeconfig", await installer.RuntimeKubeconfigAsync(cancellationToken)),
                ("agentEndpoint", installer.InnerEndpoint.GetLeftPart(UriPartial.Authority)),
                ("defaultRuntime", (list.Body?["items"] as JsonArray ?? []).Count == 0)
            );
            await PutAsync(Runtimes, spec, cancellationToken);
        }

        var ready = await UntilAsync(
            Runtimes,
            static r => Json.IsReady(r) && r["status"]?["agent"].Text() == "Connected",
            progress,
            cancellationToken
        );
        return $"{name}: {ready["status"]?["version"].Text()}, agent connected";
    }

    /// <summary>The control plane looks after itself, so that whoever asks it sees how it is.</summary>
    public async Task<string> ControlPlaneAsync(
        Installer installer,
        string ns,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        progress("to register the control plane");
        await PutAsync("control-plane-definitions", [], cancellationToken);
        var spec = Json.Object(
            ("controlPlaneDefinition", name),
            ("kubernetesRuntimeInstance", name),
            ("namespace", ns),
            ("apiServerEndpoint", installer.Endpoint!.GetLeftPart(UriPartial.Authority)),
            ("caCert", installer.CaCertificate),
            ("genesis", true),
            ("isSelf", true)
        );
        await PutAsync(ControlPlanes, spec, cancellationToken);
        var ready = await UntilAsync(ControlPlanes, Json.IsReady, progress, cancellationToken);
        return $"{name}: version {ready["status"]?["version"].Text()}, {ready["status"]?["ready"].Text()} ready";
    }

    private async Task<bool> IsThereAsync(string plural, CancellationToken cancellationToken) =>
        (await client.TrySendAsync(ApiRequest.Get($"/v0/{plural}/{name}"), cancellationToken)).Status != 404;

    private Task<Answer> PutAsync(string plural, JsonObject spec, CancellationToken cancellationToken) =>
        client.SendAsync(
            new(HttpMethod.Put, $"/v0/{plural}/{name}", new JsonObject { ["spec"] = spec }),
            cancellationToken
        );

    private async Task<JsonObject> UntilAsync(
        string plural,
        Func<JsonObject, bool> isThere,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        var last = "nothing is known of it yet";
        try
        {
            // The server ends a watch after a while.
            while (true)
            {
                await foreach (var e in client.WatchAsync($"/v0/watch?kinds={plural}", deadline.Token))
                {
                    if (e.Data is not JsonObject resource || resource["name"].Text() != name)
                    {
                        continue;
                    }

                    if (isThere(resource))
                    {
                        return resource;
                    }

                    last = State(resource);
                    progress(last);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested) { }

        throw new InstallationException(
            $"to wait for {plural[..^1]}/{name}",
            $"it was not ready after {limit.TotalMinutes:0} minutes: {last}",
            $"qleetctl --control-plane {name} describe {plural[..^1]} {name} shows its conditions and events."
        );
    }

    private static string State(JsonObject resource)
    {
        var ready = Json.Ready(resource);
        var agent = resource["status"]?["agent"].Text();
        string?[] known =
        [
            $"{ready?["reason"].Text()} {ready?["message"].Text()}".Trim(),
            string.IsNullOrEmpty(agent) ? null : $"agent {agent}",
        ];
        return string.Join(", ", known.Where(static k => !string.IsNullOrEmpty(k))) is { Length: > 0 } state
            ? state
            : "no controller has looked at it yet";
    }
}
