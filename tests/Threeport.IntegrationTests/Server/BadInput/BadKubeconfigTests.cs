using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Server.BadInput;

/// <summary>Kubeconfigs that would have the control plane run a command, read its own files, or talk to what only it can reach.</summary>
public sealed class BadKubeconfigTests
{
    private const string Canary = "canary-of-a-kubeconfig";
    private string _ran = null!;
    private Refusing _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _api = await Refusing.StartAsync();
        _ran = Path.Combine(Machine.TemporaryFolder(), "ran");
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(Path.GetDirectoryName(_ran)!, recursive: true);

    [TestCase("https://127.0.0.1:6443", "loopback")]
    [TestCase("https://127.9.9.9", "loopback")]
    [TestCase("https://localhost:6443", "loopback")]
    [TestCase("https://[::1]:6443", "loopback")]
    [TestCase("https://[::ffff:127.0.0.1]:6443", "loopback")]
    [TestCase("https://2130706433", "loopback", Description = "127.0.0.1 as a number")]
    [TestCase("https://0x7f.1", "loopback", Description = "the same in parts of it")]
    [TestCase("https://0.0.0.0:6443", "link-local")]
    [TestCase("https://[::]:6443", "link-local")]
    [TestCase("https://169.254.169.254", "link-local")]
    [TestCase("https://2852039166/", "link-local", Description = "169.254.169.254 as a number")]
    [TestCase("https://[::ffff:169.254.169.254]", "link-local")]
    [TestCase("https://[fe80::1]", "link-local")]
    [TestCase("https://[fd00:ec2::254]", "link-local")]
    [TestCase("https://100.100.100.200", "link-local")]
    [TestCase("https://metadata.google.internal", "link-local")]
    [TestCase("https://224.0.0.1", "link-local")]
    [TestCase("http://10.0.0.1", "https://")]
    [TestCase("file:///etc/passwd", "https://")]
    [TestCase("unix:///var/run/docker.sock", "https://")]
    [TestCase("https://user:pass@10.0.0.1", "without user")]
    public async Task An_address_that_is_not_for_others_is_refused(string server, string said)
    {
        await RefusedAsync("kubeconfig", Kubeconfig($"server: \"{server}\"", $"token: {Canary}"), said);
        await RefusedAsync("apiEndpoint", server, said, ("connectionToken", Canary));
    }

    [TestCase("exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, args: [RAN]}")]
    [TestCase("auth-provider: {name: gcp, config: {cmd-path: touch, cmd-args: RAN}}")]
    [TestCase("tokenFile: /etc/passwd")]
    [TestCase("client-certificate: /etc/passwd, client-key: /etc/shadow")]
    [TestCase("as: system:admin, token: CANARY")]
    [TestCase("username: admin, password: CANARY")]
    public async Task A_user_that_is_more_than_data_is_refused(string user)
    {
        var text = user.Replace("RAN", _ran, StringComparison.Ordinal)
            .Replace("CANARY", Canary, StringComparison.Ordinal);
        await RefusedAsync("kubeconfig", Kubeconfig("server: \"https://10.0.0.1\"", text), "users[0].user.");
        Assert.That(File.Exists(_ran), Is.False, "it was run");
    }

    [TestCase("certificate-authority: /etc/passwd")]
    [TestCase("proxy-url: \"http://169.254.169.254\"")]
    [TestCase("insecure-skip-tls-verify: true")]
    public async Task A_cluster_that_is_more_than_data_is_refused(string more) =>
        await RefusedAsync(
            "kubeconfig",
            Kubeconfig($"server: \"https://10.0.0.1\", {more}", $"token: {Canary}"),
            "clusters[0].cluster."
        );

    private static string Kubeconfig(string cluster, string user) =>
        $$$"""
            apiVersion: v1
            kind: Config
            current-context: a
            clusters: [{name: a, cluster: {{{{cluster}}}} }]
            users: [{name: a, user: {{{{user}}}} }]
            contexts: [{name: a, context: {cluster: a, user: a}}]
            """;

    private async Task RefusedAsync(string field, string value, string said, (string, string)? more = null)
    {
        var spec = new JsonObject { ["kubernetesRuntimeDefinition"] = "none", [field] = value };
        if (more is (var name, var text))
        {
            spec[name] = text;
        }

        var problem = await _api.RefusesAsync(
            "PUT",
            "/v0/kubernetes-runtime-instances/bad",
            new JsonObject { ["spec"] = spec }.ToJsonString(),
            400,
            $"/spec/{field}"
        );
        Assert.That(Refusing.DetailsOf(problem), Does.Contain(said));
        Assert.That(problem.ToJsonString(), Does.Not.Contain(Canary));
    }
}
