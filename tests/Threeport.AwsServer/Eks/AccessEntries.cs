using System.Text.Json.Nodes;
using Threeport.AwsServer.Calls;

namespace Threeport.AwsServer.Eks;

internal static class AccessEntries
{
    public static void AddTo(RestRoutes routes)
    {
        const string One = "/clusters/{name}/access-entries/{principalArn}";
        routes.Add("CreateAccessEntry", "POST", "/clusters/{name}/access-entries", Create);
        routes.Add("ListAccessEntries", "GET", "/clusters/{name}/access-entries", List);
        routes.Add("DescribeAccessEntry", "GET", One, static call => Answer(call.Cluster(), Find(call)));
        routes.Add("UpdateAccessEntry", "POST", One, Update);
        routes.Add("DeleteAccessEntry", "DELETE", One, Delete);
    }

    /// <summary>The name that Kubernetes knows a principal by when none is given.</summary>
    public static string UserName(string principal) =>
        principal.Split(':') is { Length: 6 } parts && parts[5].StartsWith("role/", StringComparison.Ordinal)
            ? $"arn:aws:sts::{parts[4]}:assumed-role/{parts[5].Split('/')[^1]}/{{{{SessionName}}}}"
            : principal;

    /// <summary>The cluster, when access to it is by entries.</summary>
    public static Cluster Open(RestCall call)
    {
        var cluster = call.ActiveCluster();
        return cluster.AuthenticationMode != "CONFIG_MAP"
            ? cluster
            : throw EksAnswers.Refused(
                "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation."
            );
    }

    public static AccessEntry Find(RestCall call)
    {
        var principal = call.Route["principalArn"];
        return Open(call).AccessEntries.GetValueOrDefault(principal)
            ?? throw EksAnswers.NotFound($"The specified principalArn could not be found: {principal}");
    }

    private static JsonObject Create(RestCall call)
    {
        var cluster = Open(call);
        var principal = call.Required("principalArn");
        var token = call.Text("clientRequestToken");
        if (cluster.AccessEntries.GetValueOrDefault(principal) is { } other)
        {
            return token is not null && other.Token == token
                ? Answer(cluster, other)
                : throw EksAnswers.InUse("The specified access entry resource is already in use on this cluster.");
        }

        if (!Exists(call, principal))
        {
            throw EksAnswers.Invalid("The specified principalArn is invalid: invalid principal.");
        }

        var entry = new AccessEntry(cluster, principal, call.Now)
        {
            Token = token,
            Type = call.Text("type") ?? "STANDARD",
            UserName = call.Text("username") ?? UserName(principal),
            Groups = [.. Groups(call) ?? []],
        }.Tagged(call);
        cluster.AccessEntries.Add(principal, entry);
        return Answer(cluster, entry);
    }

    private static IReadOnlyList<string>? Groups(RestCall call)
    {
        var groups = call.Body.Texts("kubernetesGroups");
        return
            groups?.FirstOrDefault(static group => group.StartsWith("system:", StringComparison.Ordinal)) is { } wrong
            ? throw EksAnswers.Invalid($"The kubernetes group name {wrong} is invalid, it cannot start with system:")
            : groups;
    }

    private static bool Exists(RestCall call, string principal) =>
        RoleChecks.Find(call, principal) is not null
        || call.Cloud.Accounts.Values.Any(account =>
            account.Iam.Users.Values.Any(user => user.Arn == principal)
            || principal == $"arn:aws:iam::{account.Id}:root"
        );

    private static JsonObject List(RestCall call)
    {
        var policy = call.Query["associatedPolicyArn"].FirstOrDefault();
        return call.Page(
            "accessEntries",
            Open(call).AccessEntries.Values.Where(entry => policy is null || entry.Policies.ContainsKey(policy)),
            static entry => entry.Principal
        );
    }

    private static JsonObject Update(RestCall call)
    {
        var entry = Find(call);
        if (Groups(call) is { } groups)
        {
            entry.Groups.Clear();
            entry.Groups.AddRange(groups);
        }

        entry.UserName = call.Text("username") ?? entry.UserName;
        entry.Modified = call.Now;
        return Answer(call.Cluster(), entry);
    }

    private static JsonObject Delete(RestCall call)
    {
        call.Cluster().AccessEntries.Remove(Find(call).Principal);
        return [];
    }

    private static JsonObject Answer(Cluster cluster, AccessEntry entry) =>
        new()
        {
            ["accessEntry"] = new JsonObject
            {
                ["clusterName"] = cluster.Name,
                ["principalArn"] = entry.Principal,
                ["kubernetesGroups"] = EksAnswers.Json(entry.Groups),
                ["accessEntryArn"] = entry.Arn,
                ["createdAt"] = EksAnswers.Json(entry.Created),
                ["modifiedAt"] = EksAnswers.Json(entry.Modified),
                ["tags"] = EksAnswers.Json(entry.Tags),
                ["username"] = entry.UserName,
                ["type"] = entry.Type,
            },
        };
}
