using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Threeport.Runtime;

namespace Threeport.Server.Endpoints;

/// <summary>
/// Goes on answering for a while once it was told to stop. Whoever sends requests here learns of that a moment after this process does,
/// and would meet a closed door; <see cref="Health"/> says meanwhile that no more are wanted, and connections are closed with their answer.
/// <c>Threeport:StopDelay</c> says for how long; not at all where nobody sends requests elsewhere.
/// </summary>
internal sealed class StopDelay(IConfiguration configuration, TimeProvider time) : IHostedLifecycleService
{
    private const string Setting = "Threeport:StopDelay";
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(15);

    private readonly TimeSpan _delay = Read(configuration[Setting]);

    /// <summary>Before anything else stops.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.Delay(_delay, time, cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static TimeSpan Read(string? text) =>
        text is null ? TimeSpan.Zero
        : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var delay)
        && delay >= TimeSpan.Zero
        && delay <= Most
            ? delay
        : throw new SettingsException($"{Setting} \"{text}\": as in 00:00:04, at most {Most:c}");
}
