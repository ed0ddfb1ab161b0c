using System.Text.Json.Nodes;
using Threeport.Agent.Objects;

namespace Threeport.Agent.Health;

/// <summary>Judges an object by what it says of itself. Pure: the same object, the same answer.</summary>
internal static class Assess
{
    public static Assessment Object(JsonObject content)
    {
        if (content.Text("metadata", "deletionTimestamp").Length > 0)
        {
            return Assessment.Progressing("Terminating", "is being deleted");
        }

        return (Group(content.Text("apiVersion")), content.Text("kind")) switch
        {
            ("apps", "Deployment") => Controllers.Deployment(content),
            ("apps", "ReplicaSet") => Controllers.ReplicaSet(content),
            ("apps", "StatefulSet") => Controllers.StatefulSet(content),
            ("apps", "DaemonSet") => Controllers.DaemonSet(content),
            ("batch", "Job") => Jobs.Job(content),
            ("batch", "CronJob") => Jobs.CronJob(content),
            ("", "Pod") => Pods.Pod(content),
            ("", "PersistentVolumeClaim") => Basics.Claim(content),
            ("", "Service") => Basics.Service(content),
            ("", "Namespace") => Basics.Namespace(content),
            _ => Conditions.Any(content),
        };
    }

    private static string Group(string apiVersion) =>
        apiVersion.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 ? apiVersion[..slash] : "";
}
