using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Threeport.Cli.Clusters;
using Threeport.Cli.Clusters.Eks;
using Threeport.Cli.Commands;
using Threeport.Cli.Configuration;
using Threeport.Installation;
using Threeport.IntegrationTests.EndToEnd;
using Threeport.IntegrationTests.EndToEnd.Installed;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Aws.Genesis;

/// <summary>
/// What stands at AWS changes hands: from the temporary control plane to another, and back to take it down. The other is a process here instead
/// of pods, with credentials of its own.
/// </summary>
[NonParallelizable]
public sealed class HandoverTests
{
    private const string Name = "given";
    private const int Parts = 22;

    private GenesisWorld _world = null!;
    private HostProcess _host = null!;
    private Dictionary<string, string?> _before = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _world = await GenesisWorld.StartAsync();
        _host = HostProcess.Create(environment: HostEnvironment());
        // The command's own code is at work in this process, too.
        var environment = _world.Environment();
        environment["THREEPORT_CONFIG"] = _world.Qleetctl.ConfigPath;
        _before = environment.Keys.ToDictionary(static k => k, Environment.GetEnvironmentVariable);
        Set(environment);
    }

    [TearDown]
    public async Task StopAsync()
    {
        Set(_before);
        await _host.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Test]
    public async Task All_of_it_is_known_to_the_other_nothing_is_made_twice_and_the_way_back_asks_who_has_it()
    {
        await MakeAsync();
        var made = Identities();
        await _host.StartAgainAsync();
        Know();
        _world.Aws.Control.ClearCalls();
        await HandOverAsync();
        await AssertTakenOverAsync(made);

        // Killed before it was noted as done: again changes nothing.
        await HandOverAsync();
        await LeaveAsync();
        Assert.That(
            _world.Kept(),
            Is.EqualTo(new[] { "given.genesis.backup", "given.genesis.passphrase", "given.json", "given.kubeconfig" })
        );

        // In the cluster its controllers go before the temporary one begins.
        await using (var down = _world.Qleetctl.Start("down", "--name", Name, "--yes", "--force"))
        {
            await KilledCommand.UntilDoneAsync(down, "Inventory");
            Assert.That(down.Output, Does.Contain("from the control plane in the cluster"));
            await _host.Process.KillAsync();
            await down.WaitForExitAsync(TimeSpan.FromMinutes(4));
            Assert.That(down.ExitCode, Is.Zero, down.Output);
        }

        AssertNothingIsLeft();
    }

    [Test]
    public async Task With_the_other_dead_what_was_kept_is_enough_to_take_all_of_it_down()
    {
        await MakeAsync();
        await _host.StartAgainAsync();
        Know();
        await HandOverAsync();
        await LeaveAsync();
        await _host.Process.KillAsync();

        var output = await _world.Qleetctl.RunAsync("down", "--name", Name, "--yes", "--force");
        Assert.That(output, Does.Contain("from what was kept when it was made"));
        AssertNothingIsLeft();
    }

    [Test]
    public async Task Ended_while_it_is_given_the_temporary_one_never_changes_anything_again()
    {
        await MakeAsync();
        var record = InstallationRecord.Find(Name)!;
        record.Eks!.IsHandedOver = true;
        record.Save();

        await using (var up = _world.Qleetctl.Start(GenesisWorld.Up(Name)))
        {
            await KilledCommand.UntilDoneAsync(up, "Preflight");
            Assert.That(up.Output, Does.Not.Contain("✓ Cluster"));
            await up.KillAsync();
        }

        var output = await _world.Qleetctl.RunAsync("down", "--name", Name, "--yes");
        Assert.That(output, Does.Contain("which never gave it away"));
        AssertNothingIsLeft();
    }

    /// <summary>As far as a cluster without nodes lets it.</summary>
    private async Task MakeAsync()
    {
        await using var up = _world.Qleetctl.Start(GenesisWorld.Up(Name, "--expose", "clusterip"));
        await KilledCommand.UntilDoneAsync(up, "Network");
        Assert.That(up.HasExited, Is.False, up.Output);
        await up.KillAsync();
    }

    /// <summary>What the step before does when pods answer.</summary>
    private void Know()
    {
        var config = ConfigFile.Load();
        config.Set(
            new(Name, _host.Address.GetLeftPart(UriPartial.Authority))
            {
                CaCertificate = File.ReadAllText(_host.CaFile),
                TokenFile = Path.Combine(_host.Data, "admin.token"),
            }
        );
        config.Save();
    }

    private static async Task HandOverAsync()
    {
        var record = InstallationRecord.Find(Name)!;
        using var cluster = await KnownCluster.OpenAsync(record, CancellationToken.None);
        var installer = new Installer(cluster, record.Plan, ClusterOptions.Existing, TimeProvider.System);
        await installer.Steps.Single(static s => s.Name == "Network").Run(static _ => { }, CancellationToken.None);
        await new EksProvider(record).HandingOver(installer).Run(static _ => { }, CancellationToken.None);
    }

    private static Task<string> LeaveAsync() =>
        new EksProvider(InstallationRecord.Find(Name)!).Leaving.Run(static _ => { }, CancellationToken.None);

    private async Task AssertTakenOverAsync(IReadOnlyList<string> made)
    {
        await Eventually.TrueAsync(
            "the other is at work on all of it",
            async () =>
                await FindAsync("aws-eks-kubernetes-runtime-instances") is { } eks
                && WholeControlPlane.Reason(eks) == "Ready"
                && eks["status"]!["admitted"]!.AsArray().Count == 2
                && (string?)(await FindAsync("aws-accounts"))!["status"]!["principal"]
                    == $"arn:aws:iam::{AwsAccountClients.Account}:user/controllers",
            TimeSpan.FromSeconds(90)
        );
        var inventory = (await FindAsync("aws-eks-kubernetes-runtime-instances"))!["status"]!["inventory"]!.AsArray();
        var runtime = (await FindAsync("kubernetes-runtime-instances"))!;
        var changes = _world
            .Aws.Control.Counts.Keys.Where(static a =>
                a.Contains(":Create", StringComparison.Ordinal) || a.Contains(":Delete", StringComparison.Ordinal)
            )
            .ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(inventory, Has.Count.EqualTo(Parts));
            Assert.That((string?)runtime["spec"]!["agent"], Is.EqualTo("InCluster"));
            Assert.That((string?)runtime["spec"]!["agentEndpoint"], Does.StartWith("https://10.96."));
            Assert.That(changes, Is.EqualTo(new[] { "eks:CreateAccessEntry" }), "who has it now is let in");
            Assert.That(Identities(), Is.EqualTo(made));
        }
    }

    /// <summary>All that there is, but who is let into the cluster.</summary>
    private List<string> Identities() =>
        [
            .. _world
                .AtAws.Select(static r => $"{r.Type} {r.Id}")
                .Where(static i => !i.Contains("access-entry", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];

    private void AssertNothingIsLeft()
    {
        Assert.That(_world.AtAws, Is.Empty);
        Assert.That(_world.Kept(), Is.Empty);
        Assert.That(GenesisWorld.ProcessesOf(Path.Combine(_world.Qleetctl.Installations, $"{Name}.genesis")), Is.Empty);
    }

    private async Task<JsonNode?> FindAsync(string plural)
    {
        using var response = await _host.Client.GetAsync(new Uri($"/v0/{plural}/{Name}", UriKind.Relative));
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonNode>() : null;
    }

    private Dictionary<string, string?> HostEnvironment() =>
        new(_world.Environment())
        {
            ["AWS_ACCESS_KEY_ID"] = GenesisWorld.Controllers.Id,
            ["AWS_SECRET_ACCESS_KEY"] = GenesisWorld.Controllers.Secret,
            ["AWS_REGION"] = GenesisWorld.Region,
            ["THREEPORT_AWS__CONTROL_PLANE"] = Name,
            ["THREEPORT_AGENT__NAMESPACE"] = $"threeport-{Name}-system",
        };

    private static void Set(Dictionary<string, string?> environment)
    {
        foreach (var (name, value) in environment)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
