using Amazon.EC2;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Microsoft.Extensions.Time.Testing;
using Threeport.AwsServer;

namespace Threeport.IntegrationTests.Aws;

/// <summary>Who may call, and as whom.</summary>
public sealed class AwsIdentityTests
{
    private const string Other = "444455556666";

    private static readonly AwsAccessKey OtherKey = new(
        "AKIAI44QH8DHBEXAMPLE",
        "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
        "bob"
    );

    private static readonly string Trust =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::ACCOUNT:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"secret:1"}}}]}""".Replace(
            "ACCOUNT",
            AwsAccountClients.Account,
            StringComparison.Ordinal
        );

    private FakeTimeProvider _clock = null!;
    private AwsEndpoint _aws = null!;

    [SetUp]
    public async Task StartAsync()
    {
        // The signatures are made by clients with the clock of the machine.
        _clock = new(TimeProvider.System.GetUtcNow());
        _aws = await AwsEndpoint.StartAsync(
            new() { Accounts = [AwsAccountOptions.Default, new(Other, OtherKey)], TimeProvider = _clock }
        );
    }

    [TearDown]
    public async Task StopAsync() => await _aws.DisposeAsync();

    [Test]
    public async Task The_SDK_and_awscli_are_told_the_same_identity()
    {
        await using var cli = AwsCli.Start(_aws, AwsAccountClients.Key, AwsAccountClients.Region);
        using var sts = _aws.Sts();

        var identity = await sts.GetCallerIdentityAsync(new());
        var read = await cli.RunAsync("sts", "get-caller-identity");

        Assert.Multiple(() =>
        {
            Assert.That((string?)read["Arn"], Is.EqualTo(identity.Arn));
            Assert.That((string?)read["UserId"], Is.EqualTo(identity.UserId));
            Assert.That(identity.Account, Is.EqualTo(AwsAccountClients.Account));
        });
    }

    [Test]
    public async Task A_wrong_secret_and_an_unknown_key_are_refused_as_each_service_refuses_them()
    {
        await using var wrong = AwsCli.Start(_aws, AwsAccountClients.Key with { Secret = "wrong" }, "eu-central-1");
        await using var unknown = AwsCli.Start(_aws, new("AKIAUNKNOWN", "wrong"), "eu-central-1");
        string[][] commands =
        [
            ["ec2", "describe-vpcs"],
            ["iam", "list-roles"],
            ["sts", "get-caller-identity"],
            ["eks", "list-clusters"],
        ];

        var codes = new List<(string, string)>();
        foreach (var command in commands)
        {
            codes.Add((await wrong.RefusedAsync(command), await unknown.RefusedAsync(command)));
        }

        Assert.That(
            codes,
            Is.EqualTo(
                new[]
                {
                    ("AuthFailure", "AuthFailure"),
                    ("SignatureDoesNotMatch", "InvalidClientTokenId"),
                    ("SignatureDoesNotMatch", "InvalidClientTokenId"),
                    ("InvalidSignatureException", "UnrecognizedClientException"),
                }
            )
        );
    }

    [Test]
    public async Task A_role_of_another_account_is_assumed_with_its_external_id_and_only_for_its_time()
    {
        await using var cli = AwsCli.Start(_aws, OtherKey, AwsAccountClients.Region);
        var role = (
            await cli.RunAsync("iam", "create-role", "--role-name", "manager", "--assume-role-policy-document", Trust)
        )["Role"]!;
        using var sts = _aws.Sts();
        var request = new AssumeRoleRequest
        {
            RoleArn = (string)role["Arn"]!,
            RoleSessionName = "threeport",
            ExternalId = "secret:2",
            DurationSeconds = 900,
        };

        var refusal = await Assert.ThrowsAsync<AmazonSecurityTokenServiceException>(() => sts.AssumeRoleAsync(request));
        request.ExternalId = "secret:1";
        var assumed = await sts.AssumeRoleAsync(request);
        using var asRole = _aws.Sts(assumed.Credentials);
        using var ec2 = _aws.Ec2(assumed.Credentials);
        var identity = await asRole.GetCallerIdentityAsync(new());
        var vpc = await ec2.CreateVpcAsync("theirs");
        // Longer than the session, shorter than what clocks may differ by when a request is signed again.
        _clock.Advance(TimeSpan.FromMinutes(16));
        var late = await Assert.ThrowsAsync<AmazonEC2Exception>(() => ec2.DescribeVpcsAsync());

        Assert.Multiple(() =>
        {
            Assert.That(refusal!.ErrorCode, Is.EqualTo("AccessDenied"));
            Assert.That(identity.Arn, Is.EqualTo($"arn:aws:sts::{Other}:assumed-role/manager/threeport"));
            Assert.That(vpc.OwnerId, Is.EqualTo(Other));
            Assert.That(late!.ErrorCode, Is.EqualTo("RequestExpired"));
        });
    }

    [Test]
    public async Task What_is_of_one_account_or_region_is_not_seen_from_another()
    {
        using var here = _aws.Ec2();
        using var elsewhere = _aws.Ec2(region: "us-east-1");
        using var others = _aws.Ec2(new BasicAWSCredentials(OtherKey.Id, OtherKey.Secret));

        var vpc = await here.CreateVpcAsync("ours");

        var seen = await here.DescribeVpcsAsync();
        var inAnotherRegion = await elsewhere.DescribeVpcsAsync();
        var byAnotherAccount = await others.DescribeVpcsAsync();

        Assert.Multiple(() =>
        {
            Assert.That(seen.Vpcs.Single().VpcId, Is.EqualTo(vpc.VpcId));
            Assert.That(inAnotherRegion.Vpcs ?? [], Is.Empty);
            Assert.That(byAnotherAccount.Vpcs ?? [], Is.Empty);
        });
    }

    [Test]
    public async Task Roles_policies_and_providers_are_read_as_made_and_deleted_in_their_order()
    {
        await using var cli = AwsCli.Start(_aws, AwsAccountClients.Key, AwsAccountClients.Region);
        const string Managed = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy";
        var document = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}""";
        await cli.RunAsync(
            "iam",
            "create-role",
            "--role-name",
            "r",
            "--path",
            "/t/",
            "--assume-role-policy-document",
            Trust,
            "--tags",
            "Key=k,Value=v"
        );
        var policy = (string)
            (await cli.RunAsync("iam", "create-policy", "--policy-name", "p", "--policy-document", document))[
                "Policy"
            ]!["Arn"]!;
        await cli.RunAsync("iam", "attach-role-policy", "--role-name", "r", "--policy-arn", Managed);
        await cli.RunAsync("iam", "attach-role-policy", "--role-name", "r", "--policy-arn", policy);
        await cli.RunAsync(
            "iam",
            "put-role-policy",
            "--role-name",
            "r",
            "--policy-name",
            "in",
            "--policy-document",
            document
        );
        var provider = (string)
            (
                await cli.RunAsync(
                    "iam",
                    "create-open-id-connect-provider",
                    "--url",
                    "https://oidc.example/id/1",
                    "--client-id-list",
                    "sts.amazonaws.com",
                    // This awscli asks for it, though IAM takes it as a wish.
                    "--thumbprint-list",
                    new string('0', 40)
                )
            )["OpenIDConnectProviderArn"]!;

        var role = (await cli.RunAsync("iam", "get-role", "--role-name", "r"))["Role"]!;
        var attached = await cli.RunAsync("iam", "list-attached-role-policies", "--role-name", "r");
        var inline = await cli.RunAsync("iam", "get-role-policy", "--role-name", "r", "--policy-name", "in");
        var read = await cli.RunAsync(
            "iam",
            "get-open-id-connect-provider",
            "--open-id-connect-provider-arn",
            provider
        );
        var twice = await cli.RefusedAsync(
            "iam",
            "create-role",
            "--role-name",
            "r",
            "--assume-role-policy-document",
            Trust
        );
        var early = await cli.RefusedAsync("iam", "delete-role", "--role-name", "r");
        var used = await cli.RefusedAsync("iam", "delete-policy", "--policy-arn", policy);
        var none = await cli.RefusedAsync("iam", "get-role", "--role-name", "none");

        Assert.Multiple(() =>
        {
            Assert.That((string?)role["Arn"], Is.EqualTo($"arn:aws:iam::{AwsAccountClients.Account}:role/t/r"));
            Assert.That((string?)role["Tags"]![0]!["Value"], Is.EqualTo("v"));
            Assert.That(
                (string?)
                    role["AssumeRolePolicyDocument"]!["Statement"]![0]!["Condition"]!["StringEquals"]![
                        "sts:ExternalId"
                    ],
                Is.EqualTo("secret:1")
            );
            Assert.That(
                attached["AttachedPolicies"]!.AsArray().Select(static p => (string?)p!["PolicyArn"]),
                Is.EqualTo(new[] { Managed, policy })
            );
            Assert.That((string?)inline["PolicyDocument"]!["Statement"]![0]!["Action"], Is.EqualTo("s3:*"));
            Assert.That((string?)read["ClientIDList"]![0], Is.EqualTo("sts.amazonaws.com"));
            Assert.That(
                new[] { twice, early, used, none },
                Is.EqualTo(new[] { "EntityAlreadyExists", "DeleteConflict", "DeleteConflict", "NoSuchEntity" })
            );
        });
        await cli.RunAsync("iam", "detach-role-policy", "--role-name", "r", "--policy-arn", Managed);
        await cli.RunAsync("iam", "detach-role-policy", "--role-name", "r", "--policy-arn", policy);
        await cli.RunAsync("iam", "delete-role-policy", "--role-name", "r", "--policy-name", "in");
        await cli.RunAsync("iam", "delete-role", "--role-name", "r");
        await cli.RunAsync("iam", "delete-policy", "--policy-arn", policy);
        await cli.RunAsync("iam", "delete-open-id-connect-provider", "--open-id-connect-provider-arn", provider);
        Assert.That(_aws.Control.Resources, Is.Empty);
    }
}
