using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Threeport.AwsServer;

namespace Threeport.IntegrationTests.Aws;

/// <summary>The distribution's awscli: a client that we did not write, run against the imitation.</summary>
internal sealed class AwsCli : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;

    private AwsCli(Process process) => _process = process;

    public static AwsCli Start(AwsEndpoint aws, AwsAccessKey key, string region)
    {
        if (!File.Exists("/usr/lib/python3/dist-packages/awscli/clidriver.py"))
        {
            throw new InvalidOperationException("The tests need awscli: apt-get install awscli.");
        }

        var start = new ProcessStartInfo("/usr/bin/python3")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Aws", "aws-cli.py"), Text(aws.Address), region },
            Environment =
            {
                ["AWS_ACCESS_KEY_ID"] = key.Id,
                ["AWS_SECRET_ACCESS_KEY"] = key.Secret,
                ["AWS_CONFIG_FILE"] = "/dev/null",
                ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
                ["AWS_EC2_METADATA_DISABLED"] = "true",
                ["AWS_MAX_ATTEMPTS"] = "1",
                ["AWS_PAGER"] = "",
            },
        };
        start.Environment.Remove("AWS_SESSION_TOKEN");
        start.Environment.Remove("AWS_PROFILE");
        // It ends by itself when its input does, also when this run is killed.
        return new(Process.Start(start)!);
    }

    /// <summary>Runs a command that must succeed.</summary>
    public async Task<JsonNode> RunAsync(params string[] command)
    {
        var (code, output, error) = await TryAsync(command);
        Assert.That(code, Is.Zero, $"aws {string.Join(' ', command)}: {error}");
        return JsonNode.Parse(output.Length == 0 ? "{}" : output)!;
    }

    /// <summary>Runs a command that must be refused.</summary>
    /// <returns>The code that awscli read from the answer.</returns>
    public async Task<string> RefusedAsync(params string[] command)
    {
        var (code, _, error) = await TryAsync(command);
        Assert.That(code, Is.Not.Zero, $"aws {string.Join(' ', command)} succeeded");
        return error.Split('(', ')') is [_, var name, ..] ? name : error;
    }

    /// <summary>A request that awscli's own library signs, for operations that are newer than it.</summary>
    public Task<JsonNode> SignedAsync(string method, string path, object? body = null) =>
        RunAsync("signed", "eks", method, path, JsonSerializer.Serialize(body ?? new { }));

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<(int Code, string Output, string Error)> TryAsync(string[] command)
    {
        using var deadline = new CancellationTokenSource(Patience);
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command).AsMemory(), deadline.Token);
        await _process.StandardInput.FlushAsync(deadline.Token);
        var line = await _process.StandardOutput.ReadLineAsync(deadline.Token);
        var answer = JsonNode.Parse(line ?? throw new InvalidOperationException("awscli ended."))!;
        return ((int)answer["code"]!, (string)answer["output"]!, (string)answer["error"]!);
    }

    private static string Text(Uri address) => address.ToString().TrimEnd('/');
}
