using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.EndToEnd.Installed;

/// <summary>What cannot work says so early, with what to do, and leaves nothing to go on with or to take down.</summary>
public sealed class WrongInputTests : InstalledFixture
{
    [Test]
    public async Task A_cluster_that_does_not_answer()
    {
        var kubeconfig = await WriteKubeconfigAsync(server: $"https://127.0.0.1:{Machine.FreePort()}");
        var output = await RefusedAsync(
            "up",
            "--name",
            "wrong",
            "--provider",
            "kubernetes",
            "--kubeconfig",
            kubeconfig
        );
        Assert.That(output, Does.Contain("Cannot reach").And.Contain("kubectl version"));
    }

    [Test]
    public async Task A_user_without_rights_is_told_the_right_that_is_missing()
    {
        var output = await RefusedAsync(
            "up",
            "--name",
            "wrong",
            "--provider",
            "kubernetes",
            "--kubeconfig",
            await WriteKubeconfigAsync(token: await DefaultTokenAsync())
        );
        Assert.That(output, Does.Contain("cluster-admin"));
    }

    [Test]
    public async Task Contexts_names_ports_and_options_that_make_no_sense()
    {
        var all = new Dictionary<string, string[]>
        {
            ["no context \"nowhere\""] = [.. Qleetctl.UpOf("wrong", "--context", "nowhere")],
            ["There is no kubeconfig at"] =
            [
                "up",
                "--name",
                "wrong",
                "--provider",
                "kubernetes",
                "--kubeconfig",
                "/nowhere",
            ],
            ["1 to 30 lower-case letters"] = [.. Qleetctl.UpOf("Wrong_Name")],
            ["small or ha"] = [.. Qleetctl.UpOf("wrong", "--size", "huge")],
            ["has local"] = [.. Qleetctl.UpOf("wrong", "--storage-class", "golden")],
            ["--images means nothing with --provider kubernetes"] = [.. Qleetctl.UpOf("wrong", "--images", "/tmp")],
            ["--listen means nothing with --provider kubernetes"] =
            [
                .. Qleetctl.UpOf("wrong", "--listen", "https://127.0.0.1:1"),
            ],
            ["--size means nothing with --provider local"] = ["up", "--name", "wrong", "--size", "ha"],
            ["--context means nothing with --provider kind"] =
            [
                "up",
                "--name",
                "wrong",
                "--provider",
                "kind",
                "--context",
                "x",
            ],
            ["local, kind, eks or kubernetes"] = ["up", "--name", "wrong", "--provider", "gke"],
            ["The command kind is not on the PATH"] = ["up", "--name", "wrong", "--provider", "kind"],
        };
        foreach (var (said, arguments) in all)
        {
            Assert.That(await RefusedAsync(arguments), Does.Contain(said), string.Join(' ', arguments));
        }
    }

    [Test]
    public async Task A_port_that_another_service_has()
    {
        var kubeconfig = Installed.Qleetctl.Kubeconfig;
        await ClusterListing.KubectlAsync(
            kubeconfig,
            "create",
            "service",
            "nodeport",
            "taken",
            "--tcp=80",
            "--node-port=31999",
            "--namespace=default"
        );
        try
        {
            var output = await RefusedAsync([.. Qleetctl.UpOf("wrong", "--port", "31999")]);
            Assert.That(
                output,
                Does.Contain("port 31999").And.Contain("already allocated").And.Contain("Choose another port")
            );
        }
        finally
        {
            // With its endpoints, which are looked for next, and would else go a moment later.
            await ClusterListing.KubectlAsync(
                kubeconfig,
                "delete",
                "service",
                "taken",
                "--namespace=default",
                "--cascade=foreground"
            );
        }
    }

    /// <summary>A cluster tells its range only to who has a Service stored: asked not to store one, 1.20 does not look.</summary>
    [Test]
    public async Task A_port_outside_the_clusters_range()
    {
        var (exit, output) = await Qleetctl.TryAsync(Qleetctl.UpOf("wrong", "--port", "80"));
        Assert.That(exit, Is.EqualTo(1), output);
        Assert.That(output, Does.Contain("valid ports is 30000-32767").And.Contain("Choose another port"));
        await Qleetctl.RunAsync("down", "--name", "wrong", "--yes");
    }

    [Test]
    public async Task An_image_that_does_not_exist_fails_the_step_early_and_says_what_to_do()
    {
        var (exit, output) = await Qleetctl.TryAsync(Qleetctl.UpOf("wrong", "--image-tag", "0.0.0-none"));
        Assert.That(exit, Is.EqualTo(1), output);
        Assert.That(
            output,
            Does.Contain("Images failed")
                .And.Match("ErrImage|ImagePullBackOff")
                .And.Contain("--image-registry and --image-tag")
                .And.Contain("Continue  qleetctl up --name wrong")
        );
        await Qleetctl.RunAsync("down", "--name", "wrong", "--yes");
    }

    private async Task<string> RefusedAsync(params string[] arguments)
    {
        var (exit, output) = await Qleetctl.TryAsync(arguments);
        Assert.That(exit, Is.EqualTo(1).Or.EqualTo(3), output);
        Assert.That(
            Directory.Exists(Qleetctl.Installations) ? Directory.EnumerateFiles(Qleetctl.Installations, "*.json") : [],
            Is.Empty
        );
        return output;
    }

    /// <summary>The cluster's own, with another server, or another user.</summary>
    private async Task<string> WriteKubeconfigAsync(string? server = null, string? token = null)
    {
        var text = await ClusterListing.KubectlAsync(
            Installed.Qleetctl.Kubeconfig,
            "config",
            "view",
            "--raw",
            "--flatten",
            "--minify",
            "--output=json"
        );
        var config = JsonNode.Parse(text)!;
        if (server is not null)
        {
            config["clusters"]![0]!["cluster"]!["server"] = server;
        }

        if (token is not null)
        {
            config["users"]![0]!["user"] = new JsonObject { ["token"] = token };
        }

        var file = Path.Combine(Path.GetDirectoryName(Qleetctl.ConfigPath)!, "kubeconfig");
        await File.WriteAllTextAsync(file, config.ToJsonString());
        return file;
    }

    /// <summary>Of a service account that may do nothing.</summary>
    private static async Task<string> DefaultTokenAsync()
    {
        var list = await ClusterListing.KubectlAsync(
            Installed.Qleetctl.Kubeconfig,
            "get",
            "secrets",
            "--namespace=default",
            "--field-selector=type=kubernetes.io/service-account-token",
            "--output=json"
        );
        var secret = JsonNode.Parse(list)!["items"]![0]!;
        return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((string)secret["data"]!["token"]!));
    }
}
