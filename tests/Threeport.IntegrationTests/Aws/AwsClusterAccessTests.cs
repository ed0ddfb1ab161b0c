using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Threeport.IntegrationTests.Aws;

/// <summary>Who a cluster admits: presigned identities that name it, of whom its access entries know.</summary>
public sealed class AwsClusterAccessTests : AwsClusterFixture
{
    [Test]
    public async Task A_token_of_awscli_opens_the_cluster_that_it_is_for_and_a_watch_streams()
    {
        await CreateRoleAsync();
        await CreateClusterAsync();
        var cluster = (await Cli.RunAsync("eks", "describe-cluster", "--name", "one"))["cluster"]!;
        using var http = Client(cluster);

        var anonymous = await GetAsync(http, token: null);
        var foreign = await GetAsync(http, await TokenAsync("another"));
        var forged = await GetAsync(
            http,
            $"k8s-aws-v1.{Convert.ToBase64String(Encoding.UTF8.GetBytes("https://sts.amazonaws.com/"))}"
        );
        var admitted = await GetAsync(http, await TokenAsync("one"));
        await SeesChangesAsync(http, await TokenAsync("one"));

        Assert.Multiple(() =>
        {
            Assert.That(anonymous, Is.AnyOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden));
            Assert.That(foreign, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(forged, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(admitted, Is.EqualTo(HttpStatusCode.OK));
        });
    }

    [Test]
    public async Task Access_entries_say_who_is_admitted()
    {
        await CreateRoleAsync();
        await Cli.SignedAsync(
            "POST",
            "/clusters",
            new
            {
                name = "one",
                roleArn = Role,
                resourcesVpcConfig = new { subnetIds = Subnets },
                accessConfig = new { authenticationMode = "API" },
            }
        );
        await StatusAsync("ACTIVE", "cluster", "eks", "describe-cluster", "--name", "one");
        var cluster = (await Cli.RunAsync("eks", "describe-cluster", "--name", "one"))["cluster"]!;
        using var http = Client(cluster);
        var creator = $"arn:aws:iam::{AwsAccountClients.Account}:user/threeport";
        var entry = $"/clusters/one/access-entries/{Uri.EscapeDataString(creator)}";

        var entries = await Cli.SignedAsync("GET", "/clusters/one/access-entries");
        var policies = await Cli.SignedAsync("GET", $"{entry}/access-policies");
        var admitted = await GetAsync(http, await TokenAsync("one"));
        await Cli.SignedAsync("DELETE", entry);
        var removed = await GetAsync(http, await TokenAsync("one"));
        await Cli.SignedAsync("POST", "/clusters/one/access-entries", new { principalArn = creator });
        var withoutRights = await GetAsync(http, await TokenAsync("one"));

        Assert.Multiple(() =>
        {
            Assert.That(
                entries["accessEntries"]!.AsArray().Select(static e => (string?)e),
                Is.EqualTo(new[] { creator })
            );
            Assert.That(
                (string?)policies["associatedAccessPolicies"]![0]!["policyArn"],
                Does.EndWith("/AmazonEKSClusterAdminPolicy")
            );
            Assert.That(admitted, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(removed, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(withoutRights, Is.EqualTo(HttpStatusCode.Forbidden));
        });
    }

    private async Task<string> TokenAsync(string cluster) =>
        (string)(await Cli.RunAsync("eks", "get-token", "--cluster-name", cluster))["status"]!["token"]!;

    private static HttpClient Client(JsonNode cluster)
    {
        var chain = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        chain.CustomTrustStore.ImportFromPem(
            Encoding.UTF8.GetString(Convert.FromBase64String((string)cluster["certificateAuthority"]!["data"]!))
        );
        var handler = new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = chain } };
        return new(handler) { BaseAddress = new((string)cluster["endpoint"]!), Timeout = TimeSpan.FromSeconds(30) };
    }

    private static async Task<HttpStatusCode> GetAsync(HttpClient http, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/namespaces/kube-system");
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task SeesChangesAsync(HttpClient http, string token)
    {
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        const string Maps = "/api/v1/namespaces/default/configmaps";
        using var watch = await http.GetAsync(
            $"{Maps}?watch=true&fieldSelector=metadata.name%3Dstreamed",
            HttpCompletionOption.ResponseHeadersRead
        );
        using var reader = new StreamReader(await watch.Content.ReadAsStreamAsync());
        var made = await http.PostAsJsonAsync(
            Maps,
            new
            {
                apiVersion = "v1",
                kind = "ConfigMap",
                metadata = new { name = "streamed" },
            }
        );
        made.EnsureSuccessStatusCode();
        var line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));
        (await http.DeleteAsync($"{Maps}/streamed")).EnsureSuccessStatusCode();
        Assert.That((string?)JsonNode.Parse(line!)!["type"], Is.EqualTo("ADDED"));
    }
}
