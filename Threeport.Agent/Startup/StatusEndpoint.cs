using System.Net;
using System.Text;

namespace Threeport.Agent.Startup;

/// <summary>
/// <c>/healthz</c> and <c>/metrics</c>. Alive means that the process works: a cluster or a control plane that is away is no
/// reason to start an agent again.
/// </summary>
internal sealed class StatusEndpoint(int port, AgentMetrics metrics)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var listener = new HttpListener();
        listener.Prefixes.Add($"http://+:{port}/");
        listener.Start();
        // Closing is what ends a wait for the next request.
        await using var stop = cancellationToken.Register(listener.Close);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await AnswerAsync(await listener.GetContextAsync());
            }
            catch (Exception exception)
                when (exception is HttpListenerException or ObjectDisposedException or IOException)
            {
                // The caller has gone, or we go.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var response = context.Response;
        var (status, text) = context.Request.Url?.AbsolutePath switch
        {
            "/healthz" => (200, "ok\n"),
            "/metrics" => (200, metrics.Write()),
            _ => (404, "There are /healthz and /metrics.\n"),
        };
        var body = Encoding.UTF8.GetBytes(text);
        response.StatusCode = status;
        response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        response.ContentLength64 = body.Length;
        await response.OutputStream.WriteAsync(body);
    }
}
