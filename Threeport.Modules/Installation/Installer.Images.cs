using System.Text.Json.Nodes;
using Threeport.Kubernetes;

namespace Threeport.Installation;

/// <summary>The images, pulled before anything depends on them, and asked what they are.</summary>
public sealed partial class Installer
{
    private const int LogLimit = 4_096;

    /// <summary>Which version the image of the host is, by its own word; null when it does not say.</summary>
    internal string? HostVersion { get; private set; }

    /// <summary>What each image is made of, whatever it is called: the same where the same would run.</summary>
    internal IReadOnlyDictionary<string, string> ImageIds { get; private set; } = new Dictionary<string, string>();

    internal async Task<string> ImagesAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var pod = new ObjectReference("v1", "Pod", plan.Namespace, "images");
        var spec = Templates.Read("images", Values()).Single();
        await cluster.DeleteAsync(pod, Propagation.Background, uid: null, cancellationToken);
        while (await cluster.FindAsync(pod, cancellationToken, metadataOnly: true) is not null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken);
        }

        await cluster.ApplyAsync(spec, cancellationToken);
        await Rollout(progress)
            .UntilAsync(
                pod,
                "images",
                $"The nodes must be able to pull {plan.Image("host")} and its siblings agent, postgres, nats. Choose where from with --image-registry and --image-tag; build/package makes archives for clusters that pull nothing.",
                cancellationToken
            );
        if (await cluster.FindAsync(pod, cancellationToken) is { } done)
        {
            ImageIds = IdsOf(done);
        }

        HostVersion = ReleaseVersion.Find(await SaidAsync(pod, "threeport", cancellationToken))?.ToString();
        await cluster.DeleteAsync(pod, Propagation.Background, uid: null, cancellationToken);
        return $"{plan.Registry}/{{host,agent,postgres,nats}}:{plan.Tag}";
    }

    /// <summary>What a pod's containers run, by the containers' names.</summary>
    internal static Dictionary<string, string> IdsOf(JsonObject pod) =>
        (pod["status"]?["containerStatuses"] as JsonArray ?? [])
            .Where(static c => c?["imageID"]?.GetValue<string>() is { Length: > 0 })
            .ToDictionary(static c => c!["name"]!.GetValue<string>(), static c => c!["imageID"]!.GetValue<string>());

    /// <summary>Nothing where the cluster keeps it to itself: the tag tells as much, mostly.</summary>
    private async Task<string> SaidAsync(ObjectReference pod, string container, CancellationToken cancellationToken)
    {
        try
        {
            return await cluster.ReadLogAsync(pod, container, LogLimit, cancellationToken);
        }
        catch (KubernetesException)
        {
            return "";
        }
    }
}
