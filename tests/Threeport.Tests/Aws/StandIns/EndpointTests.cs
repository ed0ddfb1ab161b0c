using System.Net;
using System.Text;
using Amazon;
using Amazon.EKS;
using Amazon.EKS.Model;
using Amazon.IdentityManagement;
using Amazon.Runtime;
using Amazon.SecurityToken;

namespace Threeport.Tests.Aws.StandIns;

/// <summary>Where requests would go, and what region they would be signed for; nothing leaves the process.</summary>
public sealed class EndpointTests
{
    [TestCase("us-east-1", false, false, "https://eks.us-east-1.amazonaws.com/")]
    [TestCase("eu-central-1", false, false, "https://eks.eu-central-1.amazonaws.com/")]
    [TestCase("eu-central-1", true, false, "https://fips.eks.eu-central-1.amazonaws.com/")]
    [TestCase("us-east-1", false, true, "https://eks.us-east-1.api.aws/")]
    [TestCase("us-east-1", true, true, "https://eks-fips.us-east-1.api.aws/")]
    [TestCase("us-gov-west-1", false, false, "https://eks.us-gov-west-1.amazonaws.com/")]
    [TestCase("us-gov-west-1", true, false, "https://eks.us-gov-west-1.amazonaws.com/")]
    [TestCase("cn-north-1", false, false, "https://eks.cn-north-1.amazonaws.com.cn/")]
    [TestCase("cn-north-1", true, false, "https://eks-fips.cn-north-1.amazonaws.com.cn/")]
    [TestCase("cn-north-1", false, true, "https://eks.cn-north-1.api.amazonwebservices.com.cn/")]
    public async Task EKS_is_in_the_region(string region, bool fips, bool dualStack, string url)
    {
        using var wire = new Captured("{}");
        using var client = new AmazonEKSClient(
            "key",
            "secret",
            wire.In(new AmazonEKSConfig(), region, fips, dualStack)
        );

        await client.ListClustersAsync(new ListClustersRequest(), CancellationToken.None);

        Assert.That(wire.Url, Is.EqualTo($"{url}clusters"));
        Assert.That((wire.Scope.Region, wire.Scope.Service), Is.EqualTo((region, "eks")));
        Assert.That(client.DetermineServiceOperationEndpoint(new ListClustersRequest()).URL, Is.EqualTo(url));
    }

    [TestCase("us-east-1", false, false, "https://iam.amazonaws.com/", "us-east-1")]
    [TestCase("eu-central-1", false, false, "https://iam.amazonaws.com/", "us-east-1")]
    [TestCase("eu-central-1", true, false, "https://iam-fips.amazonaws.com/", "us-east-1")]
    [TestCase("eu-central-1", false, true, "https://iam.global.api.aws/", "us-east-1")]
    [TestCase("cn-northwest-1", false, false, "https://iam.cn-north-1.amazonaws.com.cn/", "cn-north-1")]
    [TestCase("us-gov-east-1", false, false, "https://iam.us-gov.amazonaws.com/", "us-gov-west-1")]
    [TestCase("us-gov-east-1", true, false, "https://iam.us-gov.amazonaws.com/", "us-gov-west-1")]
    [TestCase("us-iso-west-1", false, false, "https://iam.us-iso-east-1.c2s.ic.gov/", "us-iso-east-1")]
    [TestCase("us-isob-east-1", false, false, "https://iam.us-isob-east-1.sc2s.sgov.gov/", "us-isob-east-1")]
    public async Task IAM_is_one_for_a_partition(string region, bool fips, bool dualStack, string url, string signing)
    {
        using var wire = new Captured("<ListRolesResponse/>");
        var config = wire.In(new AmazonIdentityManagementServiceConfig(), region, fips, dualStack);
        using var client = new AmazonIdentityManagementServiceClient("key", "secret", config);

        await client.ListRolesAsync(CancellationToken.None);

        Assert.That(wire.Url, Is.EqualTo(url));
        Assert.That((wire.Scope.Region, wire.Scope.Service), Is.EqualTo((signing, "iam")));
    }

    [Test]
    public void A_custom_endpoint_is_not_a_FIPS_one()
    {
        var config = new AmazonEKSConfig
        {
            ServiceURL = "http://127.0.0.1:1",
            UseFIPSEndpoint = true,
            AuthenticationRegion = "us-east-1",
        };
        using var client = new AmazonEKSClient("key", "secret", config);

        Assert.That(
            () => client.DetermineServiceOperationEndpoint(new ListClustersRequest()),
            Throws.InstanceOf<AmazonClientException>()
        );
    }

    /// <summary>The official packages all have one pipeline, so that of one that is there shows what it is.</summary>
    [Test]
    public void A_request_goes_through_what_it_goes_through_in_the_official_packages()
    {
        var region = RegionEndpoint.EUCentral1;
        using var official = new OfficialPipeline(new AmazonSecurityTokenServiceConfig { RegionEndpoint = region });
        using var eks = new EksPipeline(new AmazonEKSConfig { RegionEndpoint = region });
        using var iam = new IamPipeline(new AmazonIdentityManagementServiceConfig { RegionEndpoint = region });

        Assert.That(official.Handlers, Has.Count.GreaterThan(10));
        Assert.That(eks.Handlers, Is.EqualTo(official.Handlers));
        Assert.That(iam.Handlers, Is.EqualTo(official.Handlers));
    }

    /// <summary>Each package has its own of two; named here after what they are built on.</summary>
    private static List<string> Described(IEnumerable<IPipelineHandler> handlers) =>
        [
            .. handlers.Select(static handler =>
                handler.GetType().Assembly == typeof(AmazonServiceClient).Assembly
                    ? handler.GetType().Name
                    : handler.GetType().BaseType!.Name
            ),
        ];

    private sealed class OfficialPipeline(AmazonSecurityTokenServiceConfig config)
        : AmazonSecurityTokenServiceClient("key", "secret", config)
    {
        public List<string> Handlers => Described(RuntimePipeline.Handlers);
    }

    private sealed class EksPipeline(AmazonEKSConfig config) : AmazonEKSClient("key", "secret", config)
    {
        public List<string> Handlers => Described(RuntimePipeline.Handlers);
    }

    private sealed class IamPipeline(AmazonIdentityManagementServiceConfig config)
        : AmazonIdentityManagementServiceClient("key", "secret", config)
    {
        public List<string> Handlers => Described(RuntimePipeline.Handlers);
    }

    /// <summary>Takes a request where it would leave the process, and answers it.</summary>
    private sealed class Captured(string answer) : HttpClientFactory, IDisposable
    {
        private readonly Handler _handler = new(answer);

        public string Url => _handler.Request!.RequestUri!.AbsoluteUri;

        public Scope Scope =>
            Scope.Parse(
                _handler.Request!.Headers.NonValidated["Authorization"].ToString().Split("Credential=")[1].Split(',')[0]
            );

        public TConfig In<TConfig>(TConfig config, string region, bool fips, bool dualStack)
            where TConfig : ClientConfig
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
            config.UseFIPSEndpoint = fips;
            config.UseDualstackEndpoint = dualStack;
            config.HttpClientFactory = this;
            return config;
        }

        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(_handler, disposeHandler: false);

        public void Dispose() => _handler.Dispose();

        private sealed class Handler(string answer) : HttpMessageHandler
        {
            public HttpRequestMessage? Request { get; private set; }

            protected override Task<HttpResponseMessage> SendAsync(
                HttpRequestMessage request,
                CancellationToken cancellationToken
            )
            {
                Request = request;
                return Task.FromResult(
                    new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer, Encoding.UTF8) }
                );
            }
        }
    }
}
