using System.Text;
using System.Text.Json.Nodes;

namespace Threeport.AwsServer.Eks;

internal static class ClusterWriting
{
    public static JsonObject Write(Cluster cluster, DateTimeOffset now)
    {
        var answer = new JsonObject
        {
            ["name"] = cluster.Name,
            ["arn"] = cluster.Arn,
            ["createdAt"] = EksAnswers.Json(cluster.Created),
            ["version"] = cluster.Version,
            ["roleArn"] = cluster.RoleArn,
            ["status"] = cluster.Status == "ACTIVE" && cluster.Running(now) is not null ? "UPDATING" : cluster.Status,
            ["resourcesVpcConfig"] = Network(cluster),
            ["kubernetesNetworkConfig"] = new JsonObject
            {
                ["serviceIpv4Cidr"] = cluster.ServiceCidr,
                ["ipFamily"] = "ipv4",
                ["elasticLoadBalancing"] = new JsonObject { ["enabled"] = false },
            },
            ["logging"] = cluster.Logging?.DeepClone() ?? NoLogging(),
            ["certificateAuthority"] = new JsonObject(),
            ["platformVersion"] = "eks.9",
            ["tags"] = EksAnswers.Json(cluster.Tags),
            ["health"] = EksAnswers.Health(cluster.Issues),
            ["accessConfig"] = new JsonObject { ["authenticationMode"] = cluster.AuthenticationMode },
            ["upgradePolicy"] = new JsonObject { ["supportType"] = cluster.SupportType },
            ["deletionProtection"] = cluster.IsProtected,
        };
        if (cluster.Token is { } token)
        {
            answer["clientRequestToken"] = token;
        }

        // What is still being made is not told of.
        if (cluster.Status != "CREATING")
        {
            answer["endpoint"] = cluster.Endpoint.Url;
            answer["certificateAuthority"] = new JsonObject
            {
                ["data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(cluster.Endpoint.CaCertificate)),
            };
            answer["identity"] = new JsonObject { ["oidc"] = new JsonObject { ["issuer"] = cluster.Issuer } };
        }

        return answer;
    }

    private static JsonObject Network(Cluster cluster)
    {
        var network = new JsonObject
        {
            ["subnetIds"] = EksAnswers.Json(cluster.Subnets.Select(static subnet => subnet.Id)),
            ["securityGroupIds"] = EksAnswers.Json(cluster.SecurityGroups.Select(static group => group.Id)),
            ["vpcId"] = cluster.Vpc.Id,
            ["endpointPublicAccess"] = cluster.IsPublic,
            ["endpointPrivateAccess"] = cluster.IsPrivate,
            ["publicAccessCidrs"] = EksAnswers.Json(cluster.PublicCidrs),
        };
        if (cluster.Status != "CREATING")
        {
            network["clusterSecurityGroupId"] = cluster.OwnGroup?.Id;
        }

        return network;
    }

    private static JsonObject NoLogging() =>
        new()
        {
            ["clusterLogging"] = new JsonArray(
                new JsonObject
                {
                    ["types"] = new JsonArray("api", "audit", "authenticator", "controllerManager", "scheduler"),
                    ["enabled"] = false,
                }
            ),
        };
}
