using System.Text;
using Amazon.Runtime;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Tests.Aws;

public sealed class ClusterTokenTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Test]
    public void A_token_is_a_signed_question_to_STS_that_names_the_cluster()
    {
        var url = Url(new("AKID", "SECRET", "SESSION/+="), "eu-central-1");
        Assert.That(url.Host, Is.EqualTo("sts.eu-central-1.amazonaws.com"));
        Assert.That(url.Query, Does.Contain("Action=GetCallerIdentity&Version=2011-06-15"));
        Assert.That(url.Query, Does.Contain("X-Amz-Credential=AKID%2F20260102%2Feu-central-1%2Fsts%2Faws4_request"));
        Assert.That(url.Query, Does.Contain("X-Amz-Date=20260102T030405Z&X-Amz-Expires=60"));
        Assert.That(url.Query, Does.Contain("X-Amz-Security-Token=SESSION%2F%2B%3D"));
        Assert.That(url.Query, Does.Contain("X-Amz-SignedHeaders=host%3Bx-k8s-aws-id"));
        Assert.That(url.Query, Does.Match("&X-Amz-Signature=[0-9a-f]{64}$"));
        Assert.That(url.Query, Does.Not.Contain("SECRET"));
    }

    [Test]
    public void Another_cluster_or_secret_signs_otherwise()
    {
        var credentials = new ImmutableCredentials("AKID", "SECRET", null);
        var token = ClusterToken.For(credentials, "eu-central-1", "a", Now);
        Assert.That(ClusterToken.For(credentials, "eu-central-1", "a", Now), Is.EqualTo(token));
        Assert.That(ClusterToken.For(credentials, "eu-central-1", "b", Now), Is.Not.EqualTo(token));
        Assert.That(ClusterToken.For(new("AKID", "OTHER", null), "eu-central-1", "a", Now), Is.Not.EqualTo(token));
    }

    [Test]
    public void In_China_STS_has_another_name() =>
        Assert.That(Url(new("AKID", "SECRET", null), "cn-north-1").Host, Is.EqualTo("sts.cn-north-1.amazonaws.com.cn"));

    private static Uri Url(ImmutableCredentials credentials, string region)
    {
        const string prefix = "k8s-aws-v1.";
        var token = ClusterToken.For(credentials, region, "c", Now);
        Assert.That(token, Does.StartWith(prefix));
        var text = token[prefix.Length..].Replace('-', '+').Replace('_', '/');
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        return new(Encoding.UTF8.GetString(Convert.FromBase64String(padded)));
    }
}
