using System.Text.Json.Nodes;
using Threeport.Cli.Clusters.Eks;

namespace Threeport.Tests.Cli;

public sealed class EksTests
{
    [Test]
    public void What_is_known_of_AWS_survives_the_record()
    {
        var state = new EksState
        {
            Region = "eu-central-1",
            Profile = "work",
            Account = "111122223333",
            Location = "Europe:Frankfurt",
            Role = "arn:aws:iam::111122223333:role/threeport/prod",
            Environment = new Dictionary<string, string> { ["AWS_ENDPOINT_URL_EKS"] = "http://10.0.0.1:4566" },
            Binary = "/usr/bin/threeport",
            Listen = "https://127.0.0.1:4711",
            IsHandedOver = true,
        };
        state.Undone.Add("Inventory");
        var read = EksState.Read(JsonNode.Parse(state.ToJson().ToJsonString()))!;
        Assert.That(read.ToJson().ToJsonString(), Is.EqualTo(state.ToJson().ToJsonString()));
        Assert.That(read.Surroundings.Environment["AWS_ENDPOINT_URL_EKS"], Is.EqualTo("http://10.0.0.1:4566"));
        Assert.That(EksState.Read(null), Is.Null);
    }

    [Test]
    public void The_kubeconfig_holds_no_secret_and_says_how_to_get_one()
    {
        var config = EksKubeconfig.Of(
            "prod",
            "https://0123.eks.amazonaws.com",
            "-----BEGIN CERTIFICATE-----",
            "/usr/bin/threeport",
            ["aws", "token", "--cluster", "prod", "--region", "eu-central-1"]
        );
        var exec = config["users"]![0]!["user"]!["exec"]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)exec["command"], Is.EqualTo("/usr/bin/threeport"));
            Assert.That(exec["args"]!.AsArray().Select(static a => (string?)a), Does.Contain("token"));
            Assert.That((string?)config["current-context"], Is.EqualTo("prod"));
            Assert.That(
                (string?)config["clusters"]![0]!["cluster"]!["certificate-authority-data"],
                Is.EqualTo("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t")
            );
        }
    }
}
