using System.Text.Json.Nodes;
using Threeport.Cli.Configuration;
using Threeport.Cli.Connection;
using Threeport.Cli.Output;
using Threeport.Installation;
using Threeport.Kubernetes;

namespace Threeport.Cli.Clusters;

/// <summary>A control plane in a Kubernetes cluster: put there step by step, each recorded, and made known here.</summary>
internal sealed class ClusterControlPlane(
    Terminal terminal,
    InstallationRecord record,
    ClusterClient cluster,
    OwnServers own
)
{
    private static readonly TimeSpan RuntimeLimit = TimeSpan.FromMinutes(3);

    private readonly Installer _installer = new(cluster, record.Plan, own, TimeProvider.System);
    private readonly string _name = record.Plan.Name;

    public async Task UpAsync(CancellationToken cancellationToken)
    {
        var lines = new StepLines(terminal, $"qleetctl up --name {_name}");
        Step[] steps = [.. _installer.Steps, new("Configuration", ConfigureAsync), new("Runtime", RegisterAsync)];
        record.Save();
        foreach (var step in steps)
        {
            await lines.RunAsync(step, cancellationToken);
            if (!record.Done.Contains(step.Name))
            {
                record.Done.Add(step.Name);
                record.Save();
            }
        }
    }

    /// <summary>The administrator's certificate is kept as long as the control plane takes it.</summary>
    private async Task<string> ConfigureAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var config = ConfigFile.Load();
        var endpoint = _installer.Endpoint!.GetLeftPart(UriPartial.Authority);
        var known = config.ControlPlanes.Find(c => c.Name == _name);
        var entry =
            known is { Certificate: not null }
            && known.Endpoint == endpoint
            && known.CaCertificate == _installer.CaCertificate
                ? known
                : NewEntry(endpoint);
        progress($"to reach {endpoint}");
        using (var client = new ApiClient(entry, TimeSpan.FromSeconds(10), null))
        {
            var answer = await AskAsync(client, cancellationToken);
            if (answer.Status is 401 or 403)
            {
                entry = NewEntry(endpoint);
            }
        }

        config.Set(entry);
        config.Current ??= _name;
        config.Save();
        return config.Current == _name
            ? $"{config.Path}"
            : $"{config.Path}; commands go to {config.Current}, `qleetctl config use {_name}` changes that";
    }

    private ControlPlane NewEntry(string endpoint)
    {
        var (certificate, key) = _installer.Administrator();
        return new(_name, endpoint)
        {
            CaCertificate = _installer.CaCertificate,
            Certificate = certificate,
            CertificateKey = key,
        };
    }

    private static async Task<Answer> AskAsync(ApiClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await client.TrySendAsync(ApiRequest.Get("/v0/auth"), cancellationToken);
        }
        catch (FailureException e)
        {
            throw new InstallationException(
                "to reach the API from this machine",
                e.Message,
                "Its pods are ready, so it is the way there: choose another with --expose loadbalancer, or say where it is reached with --endpoint URL."
            );
        }
    }

    /// <summary>This cluster takes workloads, too; the agent comes with that.</summary>
    private async Task<string> RegisterAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        using var client = new ApiClient(ConfigFile.Load().Find(_name), TimeSpan.FromSeconds(30), null);
        var path = $"/v0/kubernetes-runtime-instances/{_name}";
        if ((await client.TrySendAsync(ApiRequest.Get(path), cancellationToken)).Status == 404)
        {
            progress("to register this cluster as a runtime");
            var definition = new JsonObject { ["spec"] = new JsonObject { ["infraProvider"] = "existing" } };
            await client.SendAsync(
                new(HttpMethod.Put, $"/v0/kubernetes-runtime-definitions/{_name}", definition),
                cancellationToken
            );
            var list = await client.SendAsync(ApiRequest.Get("/v0/kubernetes-runtime-instances"), cancellationToken);
            var spec = Json.Object(
                ("kubernetesRuntimeDefinition", _name),
                ("kubeconfig", await _installer.RuntimeKubeconfigAsync(cancellationToken)),
                ("agentEndpoint", _installer.InnerEndpoint.GetLeftPart(UriPartial.Authority)),
                ("defaultRuntime", (list.Body?["items"] as JsonArray ?? []).Count == 0)
            );
            await client.SendAsync(new(HttpMethod.Put, path, new JsonObject { ["spec"] = spec }), cancellationToken);
        }

        return await UntilReadyAsync(client, _name, progress, cancellationToken);
    }

    private static async Task<string> UntilReadyAsync(
        ApiClient client,
        string name,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(RuntimeLimit);
        var last = "";
        try
        {
            // The server ends a watch after a while.
            while (true)
            {
                await foreach (var e in client.WatchAsync("/v0/watch?kinds=kubernetes-runtime-instances", limit.Token))
                {
                    if (e.Data is not JsonObject resource || resource["name"].Text() != name)
                    {
                        continue;
                    }

                    last = Json.Field(resource, "message");
                    progress(last.Length > 0 ? last : $"agent {resource["status"]?["agent"].Text()}");
                    if (Json.IsReady(resource) && resource["status"]?["agent"].Text() == "Connected")
                    {
                        return $"{name}: {resource["status"]?["version"].Text()}, agent connected";
                    }
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested) { }

        throw new InstallationException(
            "to make this cluster a runtime",
            $"it was not ready after {RuntimeLimit.TotalMinutes:0} minutes: {last}",
            "qleetctl describe kubernetes-runtime-instance shows its conditions and events."
        );
    }
}
