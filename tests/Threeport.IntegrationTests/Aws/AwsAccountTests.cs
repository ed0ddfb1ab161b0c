using Threeport.AwsServer;
using Threeport.IntegrationTests.Faults;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Modules.Aws.AwsAccounts;
using Threeport.Modules.Aws.Calls;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Aws;

public sealed class AwsAccountTests
{
    private static readonly AwsAccountOptions Known = AwsAccountOptions.Default;

    [Test]
    public async Task An_account_is_ready_once_AWS_has_said_whose_the_credentials_are()
    {
        var (result, account) = await VerifyAsync(new() { AccountId = Known.Id });
        Assert.That(result.IsReady, Is.True);
        Assert.That(account.Status.Principal, Does.StartWith($"arn:aws:iam::{Known.Id}:user/"));
    }

    [Test]
    public async Task Credentials_of_another_account_are_told_with_both_numbers()
    {
        var (result, _) = await VerifyAsync(new() { AccountId = "999988887777" });
        Assert.That(result.Reason, Is.EqualTo("AccountMismatch"));
        Assert.That(result.Message, Does.Contain(Known.Id).And.Contain("999988887777"));
    }

    [Test]
    public async Task Credentials_that_AWS_does_not_take_are_told_without_them()
    {
        var (result, _) = await VerifyAsync(new() { AccountId = Known.Id }, secret: "a-secret-that-is-wrong");
        Assert.That(result.Reason, Is.EqualTo("CredentialsRefused"));
        Assert.That(result.Message, Does.Not.Contain("a-secret-that-is-wrong"));
    }

    [Test, Kills(typeof(AwsAccountReconciler))]
    public async Task Wherever_the_process_dies_the_next_one_verifies_it()
    {
        foreach (var point in new[] { "before the end", "after the end" })
        {
            await using var aws = await AwsEndpoint.StartAsync(new());
            using var clients = new AwsClients(EksWorld.Fast with { Endpoint = aws.Address });
            var resources = new MemoryResources { Dies = p => p == point };
            resources.Put(Account(new() { AccountId = Known.Id }, Known.AccessKeys[0].Secret));
            var reconciler = new AwsAccountReconciler(clients, TimeProvider.System);
            await Assert.ThrowsAsync<PassLostException>(() => resources.PassAsync(reconciler, "main"));
            resources.Dies = static _ => false;
            Assert.That((await resources.PassAsync(reconciler, "main")).IsReady, Is.True);
            Assert.That((await resources.PassAsync(reconciler, "main", finalize: true)).IsReady, Is.True);
        }
    }

    private static async Task<(Result Result, AwsAccount Account)> VerifyAsync(
        AwsAccountSpec spec,
        string? secret = null
    )
    {
        await using var aws = await AwsEndpoint.StartAsync(new());
        using var clients = new AwsClients(EksWorld.Fast with { Endpoint = aws.Address });
        var resources = new MemoryResources();
        resources.Put(Account(spec, secret ?? Known.AccessKeys[0].Secret));
        var result = await resources.PassAsync(new AwsAccountReconciler(clients, TimeProvider.System), "main");
        return (result, resources.Get<AwsAccount>("main"));
    }

    private static AwsAccount Account(AwsAccountSpec spec, string secret) =>
        new()
        {
            Name = "main",
            Spec = spec with
            {
                DefaultRegion = EksWorld.Region,
                AccessKeyId = Known.AccessKeys[0].Id,
                SecretAccessKey = secret,
            },
        };
}
