using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Amazon.EC2;
using Amazon.EC2.Model;
using Microsoft.Extensions.Time.Testing;
using Threeport.AwsServer;

namespace Threeport.IntegrationTests.Aws;

/// <summary>What goes wrong when it is asked to.</summary>
public sealed class AwsFaultTests
{
    private FakeTimeProvider _clock = null!;
    private AwsEndpoint _aws = null!;
    private AmazonEC2Client _ec2 = null!;

    [SetUp]
    public async Task StartAsync()
    {
        // Clients sign by the clock of the machine, which this one may run ahead of by some minutes.
        _clock = new(TimeProvider.System.GetUtcNow());
        _aws = await AwsEndpoint.StartAsync(new() { TimeProvider = _clock });
        _ec2 = _aws.Ec2();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _ec2.Dispose();
        await _aws.DisposeAsync();
    }

    [Test]
    public async Task Throttling_is_seen_by_awscli_as_each_service_throttles()
    {
        await using var cli = AwsCli.Start(_aws, AwsAccountClients.Key, AwsAccountClients.Region);
        _aws.Control.Throttle(1);

        string[] codes =
        [
            await cli.RefusedAsync("ec2", "describe-vpcs"),
            await cli.RefusedAsync("iam", "list-roles"),
            await cli.RefusedAsync("eks", "list-clusters"),
        ];

        Assert.That(codes, Is.EqualTo(new[] { "RequestLimitExceeded", "Throttling", "ThrottlingException" }));
        Assert.That(
            _aws.Control.Calls.Select(static call => $"{call.Action} {call.Outcome}"),
            Is.EqualTo(
                new[]
                {
                    "ec2:DescribeVpcs RequestLimitExceeded",
                    "iam:ListRoles Throttling",
                    "eks:ListClusters ThrottlingException",
                }
            )
        );
        _aws.Control.ClearFaults();
        await cli.RunAsync("ec2", "describe-vpcs");
    }

    [Test]
    public async Task Three_calls_in_ten_are_throttled()
    {
        _aws.Control.Throttle(0.3);

        var throttled = 0;
        for (var i = 0; i < 300; i++)
        {
            throttled += await CodeAsync(() => _ec2.DescribeVpcsAsync()) is null ? 0 : 1;
        }

        Assert.That(throttled, Is.InRange(60, 120));
    }

    [Test]
    public async Task The_first_call_of_each_operation_fails_and_has_no_effect()
    {
        _aws.Control.FailOnce(status: 503);

        var first = await CodeAsync(() => _ec2.CreateVpcAsync("a"));
        var describe = await CodeAsync(() => _ec2.DescribeVpcsAsync());
        await _ec2.CreateVpcAsync("a");

        Assert.Multiple(() =>
        {
            Assert.That(first, Is.EqualTo("Unavailable"));
            Assert.That(describe, Is.EqualTo("Unavailable"));
            Assert.That(_aws.Control.Resources, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task An_answer_is_lost_and_its_effect_is_not()
    {
        _aws.Control.LoseAnswer("ec2:CreateVpc");

        await Assert.CatchAsync(() => _ec2.CreateVpcAsync("a"));
        var vpcs = await _ec2.DescribeVpcsAsync();

        Assert.Multiple(() =>
        {
            Assert.That(vpcs.Vpcs, Has.Count.EqualTo(1));
            Assert.That(_aws.Control.Calls[0].Outcome, Is.EqualTo(AwsCall.AnswerLost));
        });
    }

    [Test]
    public async Task A_caller_that_is_stopped_before_a_call_has_not_made_it_and_after_it_has()
    {
        _aws.Control.BeforeCall = static call => ValueTask.FromResult(call.Number != 1);
        _aws.Control.AfterCall = static call => ValueTask.FromResult(call.Number != 2);

        await Assert.CatchAsync(() => _ec2.CreateVpcAsync("before"));
        var before = _aws.Control.Resources.Count;
        await Assert.CatchAsync(() => _ec2.CreateVpcAsync("after"));

        Assert.Multiple(() =>
        {
            Assert.That(before, Is.Zero);
            Assert.That(_aws.Control.Resources.Select(static r => r.Name), Is.EqualTo(new[] { "after" }));
            Assert.That(_aws.Control.Counts["ec2:CreateVpc"], Is.EqualTo(2));
        });
        await _ec2.DescribeVpcsAsync();
    }

    [Test]
    public async Task What_EC2_just_made_is_missing_until_it_is_seen_everywhere()
    {
        _aws.Control.Configure(static s => s with { Ec2Delay = TimeSpan.FromMinutes(1) });

        var vpc = await _ec2.CreateVpcAsync("a");
        var missing = await CodeAsync(() => _ec2.DescribeVpcsAsync(new DescribeVpcsRequest { VpcIds = [vpc.VpcId] }));
        await _ec2.CreateSubnetAsync(vpc.VpcId, "10.0.0.0/24", "eu-central-1a");
        _clock.Advance(TimeSpan.FromMinutes(1));
        var found = await _ec2.DescribeVpcsAsync(new DescribeVpcsRequest { VpcIds = [vpc.VpcId] });

        Assert.Multiple(() =>
        {
            Assert.That(missing, Is.EqualTo("InvalidVpcID.NotFound"));
            Assert.That(found.Vpcs, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task A_role_just_made_is_unknown_to_EKS_until_IAM_has_told_everyone()
    {
        await using var cli = AwsCli.Start(_aws, AwsAccountClients.Key, AwsAccountClients.Region);
        _aws.Control.Configure(static s => s with { IamDelay = TimeSpan.FromMinutes(1) });
        var vpc = (await _ec2.CreateVpcAsync("a")).VpcId;
        var first = await _ec2.CreateSubnetAsync(vpc, "10.0.0.0/24", "eu-central-1a");
        var second = await _ec2.CreateSubnetAsync(vpc, "10.0.1.0/24", "eu-central-1b");
        const string Trust =
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"eks.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";
        var made = await cli.RunAsync(
            "iam",
            "create-role",
            "--role-name",
            "new",
            "--assume-role-policy-document",
            Trust
        );
        string[] create =
        [
            "eks",
            "create-cluster",
            "--name",
            "one",
            "--role-arn",
            (string)made["Role"]!["Arn"]!,
            "--resources-vpc-config",
            $"subnetIds={first.SubnetId},{second.SubnetId}",
        ];

        var unread = await cli.RefusedAsync("iam", "get-role", "--role-name", "new");
        var early = await cli.RefusedAsync(create);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await cli.RunAsync("iam", "get-role", "--role-name", "new");
        await cli.RunAsync(create);

        Assert.Multiple(() =>
        {
            Assert.That(unread, Is.EqualTo("NoSuchEntity"));
            Assert.That(early, Is.EqualTo("InvalidParameterException"));
        });
    }

    [Test]
    public async Task What_an_account_denies_is_refused_and_simulated_as_denied()
    {
        await using var cli = AwsCli.Start(_aws, AwsAccountClients.Key, AwsAccountClients.Region);
        _aws.Control.Deny(AwsAccountClients.Account, "ec2:Create*");
        _aws.Control.Deny(AwsAccountClients.Account, "eks:ListClusters");
        _aws.Control.Deny(AwsAccountClients.Account, "iam:ListRoles");

        var simulated = await cli.RunAsync(
            "iam",
            "simulate-principal-policy",
            "--policy-source-arn",
            $"arn:aws:iam::{AwsAccountClients.Account}:user/threeport",
            "--action-names",
            "ec2:CreateVpc",
            "ec2:DescribeVpcs"
        );
        var ec2 = await CodeAsync(() => _ec2.CreateVpcAsync("a"));
        var eks = await cli.RefusedAsync("eks", "list-clusters");
        var iam = await cli.RefusedAsync("iam", "list-roles");

        Assert.Multiple(() =>
        {
            Assert.That(
                simulated["EvaluationResults"]!.AsArray().Select(static r => (string?)r!["EvalDecision"]),
                Is.EqualTo(new[] { "explicitDeny", "allowed" })
            );
            Assert.That(ec2, Is.EqualTo("UnauthorizedOperation"));
            Assert.That(eks, Is.EqualTo("AccessDeniedException"));
            Assert.That(iam, Is.EqualTo("AccessDenied"));
            Assert.That(_aws.Control.Resources, Is.Empty);
        });
    }

    [Test]
    public async Task Quotas_ranges_and_trials_are_refused_by_their_own_codes()
    {
        _aws.Control.Configure(static s => s with { Quotas = s.Quotas with { Vpcs = 1, Addresses = 1 } });
        var vpc = await _ec2.CreateVpcAsync("a");
        await _ec2.CreateSubnetAsync(vpc.VpcId, "10.0.0.0/20", "eu-central-1a");
        await _ec2.AllocateAddressAsync();

        string?[] codes =
        [
            await CodeAsync(() => _ec2.CreateVpcAsync("b")),
            await CodeAsync(() => _ec2.AllocateAddressAsync()),
            await CodeAsync(() => _ec2.CreateSubnetAsync(vpc.VpcId, "10.0.8.0/22", "eu-central-1b")),
            await CodeAsync(() => _ec2.CreateSubnetAsync(vpc.VpcId, "10.1.0.0/22", "eu-central-1b")),
            await CodeAsync(() => _ec2.CreateSubnetAsync(vpc.VpcId, "10.0.32.0/22", "eu-central-1z")),
            await CodeAsync(() => _ec2.DeleteVpcAsync(new("vpc-0"))),
            await CodeAsync(() => _ec2.CreateVpcAsync(new() { CidrBlock = "10.0.0.0/16", DryRun = true })),
        ];

        Assert.That(
            codes,
            Is.EqualTo(
                new[]
                {
                    "VpcLimitExceeded",
                    "AddressLimitExceeded",
                    "InvalidSubnet.Conflict",
                    "InvalidSubnet.Range",
                    "InvalidParameterValue",
                    "InvalidVpcID.NotFound",
                    "DryRunOperation",
                }
            )
        );
    }

    [Test]
    public async Task A_script_steers_it_over_HTTP()
    {
        using var http = new HttpClient { BaseAddress = _aws.Address };

        var fault = new
        {
            effect = "fail",
            actions = "ec2:CreateVpc",
            code = "VpcLimitExceeded",
            times = 1,
        };
        (await http.PostAsJsonAsync("/_control/faults", fault)).EnsureSuccessStatusCode();
        (
            await http.PatchAsJsonAsync("/_control/settings", new { timings = new { cluster = "00:00:03" } })
        ).EnsureSuccessStatusCode();
        var refused = await CodeAsync(() => _ec2.CreateVpcAsync("a"));
        await _ec2.CreateVpcAsync("a");
        var resources = await http.GetFromJsonAsync<JsonArray>("/_control/resources");
        var counts = await http.GetFromJsonAsync<JsonObject>("/_control/counts");
        using var wrong = await http.PostAsJsonAsync("/_control/faults", new { effect = "unheard of" });

        Assert.Multiple(() =>
        {
            Assert.That(refused, Is.EqualTo("VpcLimitExceeded"));
            Assert.That((string?)resources!.Single()!["type"], Is.EqualTo("ec2:vpc"));
            Assert.That((int?)counts!["ec2:CreateVpc"], Is.EqualTo(2));
            Assert.That(_aws.Control.Settings.Timings.Cluster, Is.EqualTo(TimeSpan.FromSeconds(3)));
            Assert.That(_aws.Control.Settings.Timings.Addon, Is.EqualTo(new AwsTimings().Addon));
            Assert.That((int)wrong.StatusCode, Is.EqualTo(400));
        });
    }

    private static async Task<string?> CodeAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (AmazonEC2Exception e)
        {
            return e.ErrorCode;
        }
    }
}
