using System.Text.Json.Nodes;
using Threeport.AwsServer;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Aws.Genesis;

/// <summary>What cannot work at AWS is said before anything is made, with what to do.</summary>
public sealed class PreflightTests
{
    private GenesisWorld _world = null!;

    [SetUp]
    public async Task StartAsync() => _world = await GenesisWorld.StartAsync(hasCluster: false);

    [TearDown]
    public async Task Nothing_was_made()
    {
        Assert.That(_world.AtAws, Is.Empty);
        Assert.That(_world.Kept(), Is.Empty);
        await _world.DisposeAsync();
    }

    [Test]
    public async Task Missing_permissions_are_all_named()
    {
        _world.Aws.Control.Deny(AwsAccountOptions.Default.Id, "ec2:CreateNatGateway");
        _world.Aws.Control.Deny(AwsAccountOptions.Default.Id, "iam:PutRolePolicy");
        var output = await RefusedAsync(GenesisWorld.Up("wrong"));
        Assert.That(
            output,
            Does.Contain("not allowed: ec2:CreateNatGateway, iam:PutRolePolicy")
                .And.Contain("user/threeport")
                .And.Contain("threeport aws policy")
                .And.Contain("Continue  qleetctl up --name wrong")
        );
    }

    [Test]
    public async Task A_quota_that_is_reached_is_named()
    {
        _world.Aws.Control.Configure(static s => s with { Quotas = s.Quotas with { Addresses = 0 } });
        Assert.That(
            await RefusedAsync(GenesisWorld.Up("wrong")),
            Does.Contain("the account has 0 of 0").And.Contain("EC2-VPC Elastic IPs")
        );
    }

    [Test]
    public async Task Regions_and_options_that_make_no_sense()
    {
        string[] eks = ["up", "--name", "wrong", "--provider", "eks"];
        string[] registry = ["--image-registry", "registry.example.com/threeport"];
        var all = new Dictionary<string, string[]>
        {
            ["--aws-region: say where"] = [.. eks, .. registry],
            ["that is no region of AWS"] = [.. eks, .. registry, "--aws-region", "Frankfurt"],
            ["Choose one of us-east-1"] = [.. eks, .. registry, "--aws-region", "xx-nowhere-7"],
            ["nodes at AWS pull images"] = [.. eks, "--aws-region", GenesisWorld.Region],
            ["--context means nothing with --provider eks"] = GenesisWorld.Up("wrong", "--context", "x"),
            ["--kubeconfig means nothing with --provider eks"] = GenesisWorld.Up("wrong", "--kubeconfig", "/x"),
            ["--images means nothing with --provider eks"] = GenesisWorld.Up("wrong", "--images", "/x"),
            ["--listen means nothing with --provider eks"] = GenesisWorld.Up(
                "wrong",
                "--listen",
                "https://127.0.0.1:1"
            ),
            ["There is no AWS profile nobody"] = GenesisWorld.Up("wrong", "--aws-profile", "nobody"),
            ["--aws-region means nothing with --provider local"] = ["up", "--name", "wrong", "--aws-region", "x"],
            ["--aws-profile means nothing with --provider kind"] =
            [
                "up",
                "--name",
                "wrong",
                "--provider",
                "kind",
                "--aws-profile",
                "x",
            ],
        };
        foreach (var (said, arguments) in all)
        {
            Assert.That(await RefusedAsync(arguments), Does.Contain(said), string.Join(' ', arguments));
        }
    }

    [TestCase("AWS_ACCESS_KEY_ID", null, "There are no AWS credentials here")]
    [TestCase("AWS_ACCESS_KEY_ID", "AKIAWRONG", "Log in anew")]
    [TestCase("AWS_SECRET_ACCESS_KEY", "wrong", "the secret access key is not the one of the access key")]
    [TestCase("AWS_ENDPOINT_URL", "http://127.0.0.1:9", "AWS cannot be reached")]
    public async Task Credentials_that_are_none(string variable, string? value, string said)
    {
        var environment = _world.Environment();
        environment[variable] = value;
        if (value is null)
        {
            environment["AWS_SECRET_ACCESS_KEY"] = null;
        }

        await using var qleetctl = new EndToEnd.Installed.Qleetctl(environment: environment);
        var (exit, output) = await qleetctl.TryAsync(GenesisWorld.Up("wrong"));
        Assert.That(exit, Is.EqualTo(1), output);
        Assert.That(output, Does.Contain(said));
        Assert.That(Directory.EnumerateFiles(qleetctl.Installations, "*.json"), Is.Empty);
    }

    [Test]
    public async Task The_policy_that_is_printed_names_what_may_be_missing()
    {
        var policy = JsonNode.Parse(await ThreeportAsync("aws", "policy"))!;
        var actions = policy["Statement"]!.AsArray().SelectMany(static s => s!["Action"]!.AsArray()).Select(Text);
        Assert.That(actions, Does.Contain("ec2:CreateVpc").And.Contain("iam:PutRolePolicy"));
        var identity = JsonNode.Parse(await ThreeportAsync("aws", "identity"))!;
        Assert.That((string?)identity["arn"], Does.EndWith(":user/threeport"));
    }

    private static string? Text(JsonNode? node) => (string?)node;

    private async Task<string> RefusedAsync(string[] arguments)
    {
        var (exit, output) = await _world.Qleetctl.TryAsync(arguments);
        Assert.That(exit, Is.EqualTo(1).Or.EqualTo(3), output);
        return output;
    }

    private async Task<string> ThreeportAsync(params string[] arguments)
    {
        await using var process = ChildProcess.Start(
            "threeport",
            Path.Combine(AppContext.BaseDirectory, "threeport"),
            arguments,
            environment: _world.Environment()
        );
        await process.WaitForExitAsync(TimeSpan.FromSeconds(60));
        Assert.That(process.ExitCode, Is.Zero, process.Output);
        return process.Output;
    }
}
