using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Threeport.AwsServer;

namespace Threeport.IntegrationTests.Aws;

/// <summary>A pod of a cluster becomes a role by the token of its service account.</summary>
public sealed class AwsWebIdentityTests
{
    private const string Issuer = "https://oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF";

    [Test]
    public async Task The_token_of_the_service_account_that_a_role_trusts_is_exchanged_and_no_other()
    {
        using var key = RSA.Create(2048);
        using var foreign = RSA.Create(2048);
        await using var aws = await AwsEndpoint.StartAsync(new());
        var role = await CreateRoleAsync(aws);
        aws.Control.SetIssuerKeys(Issuer, Keys(key));
        using var sts = aws.Sts(new AnonymousAWSCredentials());

        var assumed = await sts.AssumeRoleWithWebIdentityAsync(Request(role, Token(key, "controller")));
        using var asRole = aws.Sts(assumed.Credentials);
        var identity = await asRole.GetCallerIdentityAsync(new());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(identity.Arn, Does.EndWith(":assumed-role/irsa/pod"));
            Assert.That(assumed.SubjectFromWebIdentityToken, Is.EqualTo("system:serviceaccount:threeport:controller"));
            Assert.That(await RefusalAsync(sts, role, Token(key, "other")), Is.EqualTo("AccessDenied"));
            Assert.That(
                await RefusalAsync(sts, role, Token(foreign, "controller")),
                Is.EqualTo("InvalidIdentityToken")
            );
            Assert.That(
                await RefusalAsync(sts, role, Token(key, "controller", minutes: -1)),
                Is.EqualTo("ExpiredTokenException")
            );
            Assert.That(
                await RefusalAsync(sts, role, Token(key, "controller", audience: "other")),
                Is.EqualTo("InvalidIdentityToken")
            );
        }
    }

    private static async Task<string> CreateRoleAsync(AwsEndpoint aws)
    {
        await using var cli = AwsCli.Start(aws, AwsAccountClients.Key, AwsAccountClients.Region);
        var provider = (string)
            (
                await cli.RunAsync(
                    "iam",
                    "create-open-id-connect-provider",
                    "--url",
                    Issuer,
                    "--client-id-list",
                    "sts.amazonaws.com",
                    // This awscli asks for it, though IAM takes it as a wish.
                    "--thumbprint-list",
                    new string('0', 40)
                )
            )["OpenIDConnectProviderArn"]!;
        var host = Issuer["https://".Length..];
        var trust = JsonSerializer.Serialize(
            new
            {
                Version = "2012-10-17",
                Statement = new
                {
                    Effect = "Allow",
                    Principal = new { Federated = provider },
                    Action = "sts:AssumeRoleWithWebIdentity",
                    Condition = new
                    {
                        StringEquals = new Dictionary<string, string>
                        {
                            [$"{host}:sub"] = "system:serviceaccount:threeport:controller",
                            [$"{host}:aud"] = "sts.amazonaws.com",
                        },
                    },
                },
            }
        );
        var made = await cli.RunAsync(
            "iam",
            "create-role",
            "--role-name",
            "irsa",
            "--assume-role-policy-document",
            trust
        );
        return (string)made["Role"]!["Arn"]!;
    }

    private static AssumeRoleWithWebIdentityRequest Request(string role, string token) =>
        new()
        {
            RoleArn = role,
            RoleSessionName = "pod",
            WebIdentityToken = token,
        };

    private static async Task<string?> RefusalAsync(AmazonSecurityTokenServiceClient sts, string role, string token)
    {
        var refusal = await Assert.CatchAsync<AmazonSecurityTokenServiceException>(() =>
            sts.AssumeRoleWithWebIdentityAsync(Request(role, token))
        );
        return refusal?.ErrorCode;
    }

    private static string Keys(RSA key)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        var one = new
        {
            kty = "RSA",
            kid = "1",
            n = Base64Url.EncodeToString(parameters.Modulus),
            e = Base64Url.EncodeToString(parameters.Exponent),
        };
        return JsonSerializer.Serialize(new { keys = new[] { one } });
    }

    private static string Token(RSA key, string account, int minutes = 10, string audience = "sts.amazonaws.com")
    {
        static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
        var claims = new
        {
            iss = Issuer,
            sub = $"system:serviceaccount:threeport:{account}",
            aud = new[] { audience },
            exp = TimeProvider.System.GetUtcNow().AddMinutes(minutes).ToUnixTimeSeconds(),
        };
        var text = $"{Part(new { alg = "RS256", kid = "1" })}.{Part(claims)}";
        var signature = key.SignData(
            Encoding.ASCII.GetBytes(text),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }
}
