using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Threeport.AwsServer;
using Threeport.IntegrationTests.EndToEnd;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Soak.Eks;

/// <summary>
/// An API layer, an AWS of its own, and a process of controllers that dies (SIGKILL) at the call that it is told: while AWS has not done what
/// was asked, or when it has and has not answered.
/// </summary>
internal sealed class EksProcesses : IAsyncDisposable
{
    private const string Plural = "aws-eks-kubernetes-runtime-instances";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly NatsServer _nats;
    private readonly HostProcess _api;
    private readonly AwsEndpoint _aws;
    private readonly Lock _gate = new();
    private HostProcess? _controllers;
    private TaskCompletionSource? _killed;
    private int _calls;
    private int _dieAt;
    private bool _diesAfter;
    private int _fatalCall;

    private EksProcesses(NatsServer nats, HostProcess api, AwsEndpoint aws)
    {
        (_nats, _api, _aws) = (nats, api, aws);
        aws.Control.BeforeCall = call => PassAsync(call, before: true);
        aws.Control.AfterCall = call => PassAsync(call, before: false);
    }

    public IReadOnlyCollection<AwsResource> Resources => _aws.Control.Resources;

    public static async Task<EksProcesses> StartAsync()
    {
        var database = await (await Servers.PostgresAsync()).CreateDatabaseAsync();
        var nats = await NatsServer.StartAsync();
        var api = await HostProcess.StartAsync(["--roles", "api", "--database", database, "--nats", nats.Url]);
        var processes = new EksProcesses(nats, api, await AwsEndpoint.StartAsync(new()));
        try
        {
            await processes.BeginAsync();
            return processes;
        }
        catch
        {
            await processes.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has a cluster made, or taken down, by processes the first of which dies at a call.</summary>
    /// <param name="dieAt">Which of the calls, from 1; 0 for none.</param>
    /// <returns>How many calls were made, and whether it died.</returns>
    public async Task<(int Calls, bool WasKilled)> LiveAsync(
        Func<EksProcesses, Task> begin,
        Func<EksProcesses, Task<bool>> isDone,
        int dieAt,
        bool after
    )
    {
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            (_calls, _dieAt, _diesAfter, _fatalCall, _killed) = (0, dieAt, after, 0, killed);
        }

        await begin(this);
        await Eventually.TrueAsync(
            $"killed {(after ? "after" : "before")} call {dieAt}, it goes on to its end",
            async () =>
            {
                if (killed.Task.IsCompleted && _controllers!.Process.HasExited)
                {
                    await _controllers.StartAgainAsync();
                }

                return await isDone(this);
            },
            Patience
        );
        lock (_gate)
        {
            // What is still looked at afterwards is no part of it.
            _dieAt = 0;
            return (_calls, killed.Task.IsCompleted);
        }
    }

    public async Task CreateAsync(string name) =>
        await PutAsync(
            $"{Plural}/{name}",
            new { awsEksKubernetesRuntimeDefinition = "small", region = "eu-central-1" }
        );

    public async Task DeleteAsync(string name)
    {
        using var answer = await _api.Client.DeleteAsync(new Uri($"/v0/{Plural}/{name}", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>As the API has it; null when it is gone.</summary>
    public async Task<JsonNode?> FindAsync(string path)
    {
        using var answer = await _api.Client.GetAsync(new Uri($"/v0/{path}", UriKind.Relative));
        return answer.StatusCode == HttpStatusCode.NotFound
            ? null
            : await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>();
    }

    public Task<JsonNode?> FindClusterAsync(string name) => FindAsync($"{Plural}/{name}");

    public async ValueTask DisposeAsync()
    {
        if (_controllers is not null)
        {
            await _controllers.DisposeAsync();
        }

        await _api.DisposeAsync();
        await _aws.DisposeAsync();
        await _nats.DisposeAsync();
    }

    private async Task BeginAsync()
    {
        _controllers = await HostProcess.StartAsync(
            [
                "--roles",
                "controllers",
                "--nats",
                _nats.Url,
                "--api-url",
                _api.Address.GetLeftPart(UriPartial.Authority),
                "--api-ca",
                _api.CaFile,
                "--api-token-file",
                Path.Combine(_api.Data, "controllers.token"),
            ],
            environment: new Dictionary<string, string?>
            {
                ["AWS_ENDPOINT_URL"] = _aws.Address.ToString(),
                ["AWS_EC2_METADATA_DISABLED"] = "true",
                ["Threeport__Aws__PollEvery"] = "00:00:00.1",
                ["Threeport__Aws__AgainAfter"] = "00:00:00.1",
                ["Threeport__Aws__Grace"] = "00:00:00.4",
                ["Threeport__Aws__RetryFailedAfter"] = "00:00:00.3",
                ["Threeport__Aws__KubernetesLimit"] = "00:00:02",
                ["Threeport__Aws__CallsPerSecond"] = "500",
            }
        );
        var account = AwsAccountOptions.Default;
        await PutAsync(
            "aws-accounts/main",
            new
            {
                accountId = account.Id,
                defaultRegion = "eu-central-1",
                accessKeyId = account.AccessKeys[0].Id,
                secretAccessKey = account.AccessKeys[0].Secret,
            }
        );
        await PutAsync("aws-eks-kubernetes-runtime-definitions/small", new { awsAccount = "main" });
        await Eventually.TrueAsync(
            "the account is verified",
            async () => WholeControlPlane.Reason(await FindAsync("aws-accounts/main")) == "Ready",
            Patience
        );
    }

    private async Task PutAsync(string path, object spec)
    {
        using var answer = await _api.Client.PutAsJsonAsync(new Uri($"/v0/{path}", UriKind.Relative), new { spec });
        Assert.That(answer.IsSuccessStatusCode, Is.True, await answer.Content.ReadAsStringAsync());
    }

    private async ValueTask<bool> PassAsync(AwsCall call, bool before)
    {
        TaskCompletionSource killed;
        lock (_gate)
        {
            if (before)
            {
                // Others may come between this call and its effect: it is known by its number.
                _fatalCall = ++_calls == _dieAt ? call.Number : _fatalCall;
            }

            if (_killed is null || call.Number != _fatalCall || before == _diesAfter)
            {
                return true;
            }

            _fatalCall = 0;
            killed = _killed;
        }

        await _controllers!.KillAsync();
        killed.SetResult();
        return false;
    }
}
