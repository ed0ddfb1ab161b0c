using Threeport.Kubernetes;

namespace Threeport.Agent.Startup;

/// <summary>Where the connection to the cluster comes from, and whether that has changed since it was read.</summary>
internal sealed class ClusterSource(string? kubeconfig, TimeProvider time)
{
    private const string PodCa = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private string _text = "";

    /// <exception cref="OptionException">There is none, or it is not taken.</exception>
    public ClusterConnection Read()
    {
        try
        {
            if (kubeconfig is null)
            {
                _text = File.ReadAllText(PodCa);
                return ClusterConnection.InCluster();
            }

            _text = File.ReadAllText(kubeconfig);
            return Kubeconfig.Parse(_text);
        }
        catch (KubeconfigException exception)
        {
            throw new OptionException($"--kubeconfig {kubeconfig}: {exception.Message}");
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new OptionException(
                kubeconfig is null
                    ? "this is not a pod with a service account: --kubeconfig is needed"
                    : $"--kubeconfig {kubeconfig}: {exception.Message}"
            );
        }
    }

    /// <summary>Returns when there is another connection to read: credentials rotate.</summary>
    public async Task ChangedAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                var text = await File.ReadAllTextAsync(kubeconfig ?? PodCa, cancellationToken);
                if (text != _text && text.Length > 0 && IsTaken(text))
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // In the middle of being replaced.
            }
        }
    }

    private bool IsTaken(string text)
    {
        if (kubeconfig is null)
        {
            return Credentials.CheckAuthority(text) is null;
        }

        try
        {
            Kubeconfig.Parse(text);
            return true;
        }
        catch (KubeconfigException)
        {
            return false;
        }
    }
}
