using System.Diagnostics;
using Threeport.Cli.Clusters.Eks;
using Threeport.Cli.Configuration;
using Threeport.Cli.Connection;
using Threeport.Installation;
using Threeport.Kubernetes;

namespace Threeport.Cli.Clusters;

/// <summary>A control plane in a Kubernetes cluster: put there step by step, each recorded, and made known here.</summary>
internal sealed class ClusterControlPlane(InstallationRecord record, ClusterClient cluster, OwnServers own)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Installer _installer = new(cluster, record.Plan, own, TimeProvider.System);
    private readonly string _name = record.Plan.Name;

    /// <summary>At a provider it takes a while until a name is known everywhere, and a role; elsewhere it is there at once.</summary>
    private readonly bool _isDistant = record.Eks is not null;

    /// <summary>What comes when its API can be reached and it has nothing to do yet.</summary>
    public Func<Installer, Step>? HandingOver { get; init; }

    public IEnumerable<Step> Steps =>
        [
            .. _isDistant ? [new("Storage", new DefaultStorage(cluster, record.Plan).RunAsync)] : Array.Empty<Step>(),
            Recognised(_installer.Steps[0]),
            .. _installer.Steps.Skip(1),
            new("Configuration", ConfigureAsync),
            .. HandingOver is null ? [] : new[] { HandingOver(_installer) },
            new("Runtime", RegisterRuntimeAsync),
            new("Control plane", RegisterAsync),
        ];

    /// <summary>The first step, which looks at the cluster, remembers which one it is.</summary>
    private Step Recognised(Step preflight) =>
        preflight with
        {
            Run = async (progress, cancellationToken) =>
            {
                var text = await preflight.Run(progress, cancellationToken);
                var id = await KnownCluster.IdAsync(cluster, cancellationToken);
                if (record.ClusterId is { } known && known != id)
                {
                    throw new InstallationException(
                        $"to recognise the cluster of the context {record.Context}",
                        $"it is another one than \"{_name}\" was begun in",
                        $"Let the context mean the same cluster as before, or begin anew after `qleetctl down --name {_name} --forget`."
                    );
                }

                record.ClusterId = id;
                return text;
            },
        };

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
            var answer = await UntilAskedAsync(client, progress, cancellationToken);
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

    /// <summary>A load balancer that was just made is not known by its name everywhere, and has yet to find its targets well.</summary>
    private async Task<Answer> UntilAskedAsync(
        ApiClient client,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await AskAsync(client, cancellationToken);
            }
            catch (InstallationException e) when (_isDistant && Stopwatch.GetElapsedTime(start) < Patience)
            {
                progress(e.Message);
                await Task.Delay(Pause, cancellationToken);
            }
        }
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

    private async Task<string> RegisterRuntimeAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        using var client = Client();
        return await Registering(client).RuntimeAsync(_installer, progress, cancellationToken);
    }

    private async Task<string> RegisterAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        using var client = Client();
        return await Registering(client)
            .ControlPlaneAsync(_installer, record.Plan.Namespace, progress, cancellationToken);
    }

    private Registration Registering(ApiClient client) =>
        new(client, _name, _isDistant ? TimeSpan.FromMinutes(12) : TimeSpan.FromMinutes(3));

    private ApiClient Client() => new(ConfigFile.Load().Find(_name), TimeSpan.FromSeconds(30), null);
}
