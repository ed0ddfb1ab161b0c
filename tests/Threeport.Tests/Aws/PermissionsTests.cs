using System.Text.Json.Nodes;
using Threeport.Modules.Aws;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Commands;
using Threeport.Modules.Aws.Stack;

namespace Threeport.Tests.Aws;

public sealed class PermissionsTests
{
    private static readonly IReadOnlyList<StackZone> Zones =
    [
        new("eu-central-1a", "euc1-az2", 0),
        new("eu-central-1b", "euc1-az3", 1),
    ];

    [Test]
    public void The_controllers_cannot_give_themselves_more()
    {
        var policy = Permissions.Policy("aws", "111122223333", isGenesis: false);
        var statements = policy["Statement"]!.AsArray();
        var everywhere = statements.Where(static s => (string?)s!["Resource"] == "*" && s["Condition"] is null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Actions(statements), Has.None.EqualTo("iam:PutRolePolicy").And.None.Contains("*"));
            Assert.That(
                Actions(everywhere).Where(static a => a.StartsWith("iam:", StringComparison.Ordinal)),
                Is.All.Contains("OpenIDConnectProvider")
            );
            Assert.That(
                Of(statements, "iam:AttachRolePolicy")["Condition"]!.ToJsonString(),
                Does.Contain("iam:PolicyARN")
            );
            Assert.That(Of(statements, "iam:PassRole")["Condition"]!.ToJsonString(), Does.Contain("eks.amazonaws.com"));
            Assert.That(
                (string?)Of(statements, "iam:CreateRole")["Resource"],
                Is.EqualTo("arn:aws:iam::111122223333:role/threeport/*")
            );
        }
    }

    [Test]
    public void Who_makes_a_control_plane_may_give_its_controllers_their_policy() =>
        Assert.That(
            Actions(Permissions.Policy("aws-cn", "111122223333", isGenesis: true)["Statement"]!.AsArray()),
            Does.Contain("iam:PutRolePolicy").And.Contain("iam:DeleteRolePolicy")
        );

    [Test]
    public void Only_a_cluster_that_a_control_plane_runs_in_has_a_role_for_its_controllers()
    {
        var without = StackKey.Of(new(), new(), Zones);
        var with = StackKey.Of(new() { ControlPlaneNamespace = "threeport-prod" }, new(), Zones);
        Assert.That(with.Except(without), Is.EqualTo(new[] { "ControllersRole/threeport-prod" }));
        Assert.That(
            StackKey.NeedsOf("ControllersRole/threeport-prod"),
            Is.EqualTo(new[] { StackKey.IdentityProvider })
        );
        Assert.That(StackSteps.Of("ControllersRole/threeport-prod").Type, Is.EqualTo("role"));
    }

    [TestCase(null, null, "us-east-1")]
    [TestCase("eu-west-1", "eu-west-3", "eu-west-1")]
    [TestCase(null, "eu-west-3", "eu-west-3")]
    public void The_region_is_what_is_said_else_what_the_environment_says(string? said, string? set, string expected)
    {
        string[] arguments = said is null ? ["token", "--cluster", "a"] : ["token", "--region", said];
        var parsed = CommandArguments.Parse(arguments, name => name == "AWS_DEFAULT_REGION" ? set : null);
        Assert.That(parsed.Region, Is.EqualTo(expected));
        Assert.That(parsed.Name, Is.EqualTo("token"));
    }

    [TestCase("token", "--clutser", "a")]
    [TestCase("token", "--cluster")]
    public void What_is_mistyped_is_refused(params string[] arguments) =>
        Assert.That(() => CommandArguments.Parse(arguments, static _ => null), Throws.InstanceOf<FormatException>());

    private static IEnumerable<string> Actions(IEnumerable<JsonNode?> statements) =>
        statements.SelectMany(static s => s!["Action"]!.AsArray()).Select(static a => (string)a!);

    private static JsonNode Of(JsonArray statements, string action) =>
        statements.Single(s => Actions([s]).Contains(action))!;
}
