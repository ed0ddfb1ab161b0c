using System.Text.Json.Nodes;
using Amazon;
using Amazon.EKS;
using Amazon.EKS.Model;
using Amazon.IdentityManagement;
using Amazon.IdentityManagement.Model;
using Amazon.Runtime;

namespace Threeport.Tests.Aws.StandIns;

/// <summary>What the clients have from the SDK's core: retries, where an endpoint is configured, how requests are handled.</summary>
[NonParallelizable]
public sealed class ClientTests
{
    private static readonly Answer SlowDown = new(
        429,
        "{\"message\":\"slow\"}",
        "application/json",
        ("x-amzn-ErrorType", "ThrottlingException")
    );

    private static readonly Answer Creating = new(200, "{\"cluster\":{\"status\":\"CREATING\"}}", "application/json");

    private AwsListener _listener = null!;

    private List<string?> Tokens =>
        [.. _listener.Requests.Select(static request => (string?)JsonNode.Parse(request.Text)!["clientRequestToken"])];

    [SetUp]
    public async Task ListenAsync() => _listener = await AwsListener.StartAsync();

    [TearDown]
    public ValueTask StopAsync() => _listener.DisposeAsync();

    [Test]
    public async Task A_throttled_call_of_EKS_is_sent_again_with_the_same_token()
    {
        using var client = new AmazonEKSClient("key", "secret", EksConfig(RequestRetryMode.Standard, _listener.Url));
        _listener.Respond = _ => _listener.Requests.Count == 1 ? SlowDown : Creating;

        var created = await client.CreateClusterAsync(new CreateClusterRequest { Name = "a" }, CancellationToken.None);

        Assert.That(created.Cluster?.Status, Is.EqualTo(ClusterStatus.CREATING));
        Assert.That(Tokens, Has.Count.EqualTo(2));
        Assert.That(Tokens.Distinct().Single(), Is.Not.Null.And.Not.Empty);
    }

    [Test]
    public async Task A_throttled_call_of_IAM_is_sent_again()
    {
        using var client = new AmazonIdentityManagementServiceClient(
            "key",
            "secret",
            IamConfig(RequestRetryMode.Standard, _listener.Url)
        );
        _listener.Respond = _ =>
            _listener.Requests.Count == 1
                ? new Answer(
                    400,
                    "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>",
                    "text/xml"
                )
                : new Answer(
                    200,
                    "<GetRoleResponse><GetRoleResult><Role><Arn>b</Arn></Role></GetRoleResult></GetRoleResponse>",
                    "text/xml"
                );

        var found = await client.GetRoleAsync(new GetRoleRequest { RoleName = "a" }, CancellationToken.None);

        Assert.That(found.Role?.Arn, Is.EqualTo("b"));
        Assert.That(_listener.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Two_calls_have_two_tokens()
    {
        using var client = new AmazonEKSClient("key", "secret", EksConfig(RequestRetryMode.Standard, _listener.Url));

        await client.CreateClusterAsync(new CreateClusterRequest { Name = "a" }, CancellationToken.None);
        await client.CreateClusterAsync(new CreateClusterRequest { Name = "a" }, CancellationToken.None);

        Assert.That(Tokens, Is.Unique);
        Assert.That(Tokens, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Empty_lists_are_sent_and_absent_ones_are_not()
    {
        using var client = new AmazonEKSClient("key", "secret", EksConfig(RequestRetryMode.Standard, _listener.Url));
        using var iam = new AmazonIdentityManagementServiceClient(
            "key",
            "secret",
            IamConfig(RequestRetryMode.Standard, _listener.Url)
        );

        await client.UpdateNodegroupConfigAsync(
            new UpdateNodegroupConfigRequest
            {
                ClusterName = "a",
                NodegroupName = "b",
                ClientRequestToken = "t",
                Taints = new UpdateTaintsPayload { RemoveTaints = [] },
            },
            CancellationToken.None
        );
        Assert.That(
            _listener.TakeSingle().Text,
            Is.EqualTo("{\"taints\":{\"removeTaints\":[]},\"clientRequestToken\":\"t\"}")
        );

        _listener.Respond = static _ => new Answer(200, "<TagRoleResponse/>", "text/xml");
        await iam.TagRoleAsync(new TagRoleRequest { RoleName = "a", Tags = [] }, CancellationToken.None);
        Assert.That(Received.Pairs(_listener.TakeSingle().Text), Does.Contain(KeyValuePair.Create("Tags", "")));
    }

    [Test]
    public void A_request_without_what_its_path_needs_is_not_sent()
    {
        using var client = new AmazonEKSClient("key", "secret", EksConfig(RequestRetryMode.Standard, _listener.Url));

        Assert.That(
            () =>
                client.DescribeNodegroupAsync(
                    new DescribeNodegroupRequest { ClusterName = "a" },
                    CancellationToken.None
                ),
            Throws.InstanceOf<AmazonEKSException>().With.Message.Contains("nodegroupName")
        );
        Assert.That(_listener.Requests, Is.Empty);
    }

    [TestCase("AWS_ENDPOINT_URL")]
    [TestCase("AWS_ENDPOINT_URL_EKS")]
    public async Task EKS_is_where_the_environment_says(string variable)
    {
        using var _ = new Variable(variable, _listener.Url);
        using var client = new AmazonEKSClient(
            "key",
            "secret",
            new AmazonEKSConfig { RegionEndpoint = RegionEndpoint.EUCentral1, AuthenticationRegion = "eu-central-1" }
        );

        await client.ListClustersAsync(new ListClustersRequest(), CancellationToken.None);

        var scope = SignatureVersion4.Verify(_listener.TakeSingle(), "secret");
        Assert.That((scope.Region, scope.Service), Is.EqualTo(("eu-central-1", "eks")));
    }

    [TestCase("AWS_ENDPOINT_URL")]
    [TestCase("AWS_ENDPOINT_URL_IAM")]
    public async Task IAM_is_where_the_environment_says(string variable)
    {
        using var _ = new Variable(variable, _listener.Url);
        _listener.Respond = static _ => new Answer(200, "<ListRolesResponse/>", "text/xml");
        var config = new AmazonIdentityManagementServiceConfig { RegionEndpoint = RegionEndpoint.EUCentral1 };
        using var client = new AmazonIdentityManagementServiceClient("key", "secret", config);

        await client.ListRolesAsync(CancellationToken.None);

        Assert.That(SignatureVersion4.Verify(_listener.TakeSingle(), "secret").Service, Is.EqualTo("iam"));
    }

    [Test]
    public async Task A_session_token_goes_with_the_request_and_is_signed()
    {
        using var client = new AmazonEKSClient(
            "key",
            "secret",
            "token",
            EksConfig(RequestRetryMode.Standard, _listener.Url)
        );

        await client.ListClustersAsync(new ListClustersRequest(), CancellationToken.None);

        var received = _listener.TakeSingle();
        Assert.That(received.Header("X-Amz-Security-Token"), Is.EqualTo("token"));
        Assert.That(SignatureVersion4.Verify(received, "secret").Key, Is.EqualTo("key"));
        Assert.That(received.Header("User-Agent"), Does.Contain("api/EKS#"));
    }

    [Test]
    public void A_call_that_is_cancelled_ends()
    {
        using var cancellation = new CancellationTokenSource();
        using var client = new AmazonEKSClient("key", "secret", EksConfig(RequestRetryMode.Standard, _listener.Url));
        _listener.Respond = _ =>
        {
            cancellation.Cancel();
            return new Answer(429, "{}", "application/json");
        };

        Assert.That(
            () => client.ListClustersAsync(new ListClustersRequest(), cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>()
        );
    }

    private static AmazonEKSConfig EksConfig(RequestRetryMode mode, string url) =>
        new()
        {
            ServiceURL = url,
            AuthenticationRegion = "eu-central-1",
            RetryMode = mode,
        };

    private static AmazonIdentityManagementServiceConfig IamConfig(RequestRetryMode mode, string url) =>
        new()
        {
            ServiceURL = url,
            AuthenticationRegion = "us-east-1",
            RetryMode = mode,
        };

    /// <summary>An environment variable for as long as a test runs.</summary>
    private sealed class Variable : IDisposable
    {
        private readonly string _name;
        private readonly string? _before;

        public Variable(string name, string value)
        {
            (_name, _before) = (name, Environment.GetEnvironmentVariable(name));
            Environment.SetEnvironmentVariable(name, value);
        }

        public void Dispose() => Environment.SetEnvironmentVariable(_name, _before);
    }
}
