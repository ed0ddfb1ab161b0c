using System.Text.Json.Nodes;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.State;

namespace Threeport.AwsServer.Eks;

internal static class PodIdentities
{
    public static void AddTo(RestRoutes routes)
    {
        const string One = "/clusters/{name}/pod-identity-associations/{associationId}";
        routes.Add("CreatePodIdentityAssociation", "POST", "/clusters/{name}/pod-identity-associations", Create);
        routes.Add("ListPodIdentityAssociations", "GET", "/clusters/{name}/pod-identity-associations", List);
        routes.Add("DescribePodIdentityAssociation", "GET", One, static call => Answer(Find(call)));
        routes.Add("UpdatePodIdentityAssociation", "POST", One, Update);
        routes.Add("DeletePodIdentityAssociation", "DELETE", One, Delete);
    }

    public static PodIdentity New(
        RestCall call,
        Cluster cluster,
        string space,
        string serviceAccount,
        string role,
        string? owner
    )
    {
        MustTrustPods(call, role);
        return cluster.PodIdentities.Values.Any(other =>
            (other.Namespace, other.ServiceAccount) == (space, serviceAccount)
        )
            ? throw EksAnswers.InUse(
                $"Association already exists: {space}/{serviceAccount}",
                ("clusterName", cluster.Name)
            )
            : new PodIdentity(cluster, $"a-{Ids.Hex(17).ToLowerInvariant()}", call.Now)
            {
                Token = call.Text("clientRequestToken"),
                Namespace = space,
                ServiceAccount = serviceAccount,
                RoleArn = role,
                OwnerArn = owner,
            }.Tagged(call);
    }

    private static void MustTrustPods(RestCall call, string arn)
    {
        if (
            RoleChecks.Find(call, arn)?.Trust.Allows("sts:AssumeRole", "Service", ["pods.eks.amazonaws.com"])
            is not true
        )
        {
            throw EksAnswers.Invalid(
                "Trust policy of the role must allow pods.eks.amazonaws.com to assume it, and the role must exist."
            );
        }
    }

    private static JsonObject Create(RestCall call)
    {
        var cluster = call.ActiveCluster();
        var token = call.Text("clientRequestToken");
        if (
            token is not null
            && cluster.PodIdentities.Values.FirstOrDefault(other => other.Token == token) is { } before
        )
        {
            return Answer(before);
        }

        var identity = New(
            call,
            cluster,
            call.Required("namespace"),
            call.Required("serviceAccount"),
            call.Required("roleArn"),
            owner: null
        );
        cluster.PodIdentities.Add(identity.Id, identity);
        return Answer(identity);
    }

    private static JsonObject List(RestCall call)
    {
        string? Value(string name) => call.Query[name].FirstOrDefault();
        return call.Page(
            "associations",
            call.Cluster()
                .PodIdentities.Values.Where(identity =>
                    (Value("namespace") ?? identity.Namespace) == identity.Namespace
                    && (Value("serviceAccount") ?? identity.ServiceAccount) == identity.ServiceAccount
                ),
            Summary
        );
    }

    private static JsonObject Update(RestCall call)
    {
        var identity = Find(call);
        if (call.Text("roleArn") is { } role)
        {
            MustTrustPods(call, role);
            identity.RoleArn = role;
        }

        identity.Modified = call.Now;
        return Answer(identity);
    }

    private static JsonObject Delete(RestCall call)
    {
        var identity = Find(call);
        call.Cluster().PodIdentities.Remove(identity.Id);
        return Answer(identity);
    }

    private static PodIdentity Find(RestCall call)
    {
        var id = call.Route["associationId"];
        return call.Cluster().PodIdentities.GetValueOrDefault(id)
            ?? throw EksAnswers.NotFound($"The association {id} does not exist", ("clusterName", call.Route["name"]));
    }

    private static JsonObject Summary(PodIdentity identity)
    {
        var summary = new JsonObject
        {
            ["clusterName"] = identity.ClusterName,
            ["namespace"] = identity.Namespace,
            ["serviceAccount"] = identity.ServiceAccount,
            ["associationArn"] = identity.Arn,
            ["associationId"] = identity.Id,
        };
        if (identity.OwnerArn is { } owner)
        {
            summary["ownerArn"] = owner;
        }

        return summary;
    }

    private static JsonObject Answer(PodIdentity identity)
    {
        var whole = Summary(identity);
        whole["roleArn"] = identity.RoleArn;
        whole["tags"] = EksAnswers.Json(identity.Tags);
        whole["createdAt"] = EksAnswers.Json(identity.Created);
        whole["modifiedAt"] = EksAnswers.Json(identity.Modified);
        return new() { ["association"] = whole };
    }
}
