using System.Text.Json.Nodes;
using Threeport.Installation;

namespace Threeport.Tests.Installation;

public sealed class AtAwsTests
{
    private static readonly InstallationPlan Elsewhere = new()
    {
        Name = "prod",
        Registry = "registry.example.com/threeport",
        Tag = "1.2.3",
        Expose = InstallationPlan.LoadBalancer,
    };

    private static readonly InstallationPlan There = Elsewhere with
    {
        Aws = new()
        {
            Region = "eu-central-1",
            RoleArn = "arn:aws:iam::111122223333:role/threeport/prod",
            Environment = new Dictionary<string, string> { ["AWS_ENDPOINT_URL"] = "http://10.0.0.1:4566" },
        },
    };

    [Test]
    public void Elsewhere_nothing_is_otherwise()
    {
        var (service, deployment) = (Service(), Deployment("controllers"));
        AtAws.Balance(Elsewhere, service);
        AtAws.Equip(Elsewhere, deployment);
        Assert.That(service.ToJsonString(), Is.EqualTo(Service().ToJsonString()));
        Assert.That(deployment.ToJsonString(), Is.EqualTo(Deployment("controllers").ToJsonString()));
        Assert.That(AtAws.Rights(Elsewhere, new Dictionary<string, string>()), Is.Empty);
    }

    [Test]
    public void The_balancer_is_one_of_connections_where_there_is_one()
    {
        var (balanced, other) = (Service(), Service());
        AtAws.Balance(There, balanced);
        AtAws.Balance(There with { Expose = InstallationPlan.ClusterIp }, other);
        Assert.That(
            (string?)balanced["metadata"]!["annotations"]!["service.beta.kubernetes.io/aws-load-balancer-type"],
            Is.EqualTo("nlb")
        );
        Assert.That(other["metadata"]!["annotations"], Is.Null);
    }

    [Test]
    public void The_controllers_alone_get_the_role_by_a_token_for_AWS_alone()
    {
        var (controllers, api) = (AtAws.Equip(There, Deployment("controllers")), AtAws.Equip(There, Deployment("api")));
        var pod = controllers["spec"]!["template"]!["spec"]!;
        var environment = pod["containers"]![0]!["env"]!
            .AsArray()
            .ToDictionary(static e => (string)e!["name"]!, static e => (string?)e!["value"]);
        var volume = pod["volumes"]!.AsArray().Single(static v => (string?)v!["name"] == "aws-token");
        var token = volume!["projected"]!["sources"]![0]!["serviceAccountToken"]!;
        var mount = pod["containers"]![0]!["volumeMounts"]!
            .AsArray()
            .Single(static m => (string?)m!["name"] == "aws-token");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)pod["serviceAccountName"], Is.EqualTo("controllers"));
            Assert.That((string?)token["audience"], Is.EqualTo("sts.amazonaws.com"));
            Assert.That(environment["AWS_ROLE_ARN"], Is.EqualTo(There.Aws!.RoleArn));
            Assert.That(
                environment["AWS_WEB_IDENTITY_TOKEN_FILE"],
                Is.EqualTo($"{mount!["mountPath"]}/{token["path"]}")
            );
            Assert.That(environment["AWS_REGION"], Is.EqualTo("eu-central-1"));
            Assert.That(environment["AWS_ENDPOINT_URL"], Is.EqualTo("http://10.0.0.1:4566"));
            Assert.That(environment["THREEPORT_AWS__CONTROL_PLANE"], Is.EqualTo("prod"));
            Assert.That(api.ToJsonString(), Is.EqualTo(Deployment("api").ToJsonString()));
        }
    }

    [Test]
    public void Who_the_controllers_are_may_nothing_in_the_cluster()
    {
        var values = new Dictionary<string, string> { ["namespace"] = There.Namespace };
        var rights = AtAws.Rights(There, values).ToList();
        Assert.That(rights.Select(static r => (string?)r["kind"]), Is.EqualTo(new[] { "ServiceAccount" }));
        Assert.That((bool?)rights[0]["automountServiceAccountToken"], Is.False);
    }

    private static JsonObject Service() => new() { ["metadata"] = new JsonObject { ["name"] = "api" } };

    private static JsonObject Deployment(string name)
    {
        const string text = """
            {"metadata": {"name": "NAME"}, "spec": {"template": {"spec": {"serviceAccountName": "threeport",
              "containers": [{"name": "threeport", "env": [], "volumeMounts": []}], "volumes": []}}}}
            """;
        return JsonNode.Parse(text.Replace("NAME", name, StringComparison.Ordinal))!.AsObject();
    }
}
