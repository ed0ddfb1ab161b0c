using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Clusters;
using Threeport.AwsServer.Control;
using Threeport.AwsServer.Faults;
using Threeport.AwsServer.State;

namespace Threeport.AwsServer;

/// <summary>An imitation of AWS that listens: EC2, EKS, IAM and STS of all regions at one address.</summary>
public sealed class AwsEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ClusterEndpoints _clusters;

    private AwsEndpoint(WebApplication app, ClusterEndpoints clusters, AwsControl control)
    {
        _app = app;
        _clusters = clusters;
        Control = control;
    }

    /// <summary>For AWS_ENDPOINT_URL.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>What goes wrong, what was called, what there is.</summary>
    public AwsControl Control { get; }

    /// <summary>Starts to listen.</summary>
    public static async Task<AwsEndpoint> StartAsync(AwsOptions options, CancellationToken cancellationToken = default)
    {
        var clusters = new ClusterEndpoints(options);
        var cloud = new Cloud(options, clusters);
        var (faults, log, hooks) = (new FaultPlan(options.Seed), new CallLog(options.TimeProvider), new AwsHooks());
        var control = new AwsControl(cloud, faults, log, hooks);
        var pipeline = new CallPipeline(cloud, faults, log, hooks);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(options.Listen.ToString());
        var app = builder.Build();
        app.MapControl(control);
        app.MapFallback(pipeline.HandleAsync);
        var endpoint = new AwsEndpoint(app, clusters, control);
        await app.StartAsync(cancellationToken);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        endpoint.Address = cloud.Address = new(addresses.Addresses.Single());
        return endpoint;
    }

    /// <summary>Until it is told to stop: for the executable.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
        await _clusters.DisposeAsync();
    }
}
