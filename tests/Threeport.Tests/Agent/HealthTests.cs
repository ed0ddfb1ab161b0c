using System.Text.Json.Nodes;
using Threeport.Agent.Health;

namespace Threeport.Tests.Agent;

/// <summary>What objects say of themselves, as clusters write it, and what we make of it.</summary>
public sealed class HealthTests
{
    [TestCase(
        """{"spec":{"replicas":2},"status":{"observedGeneration":3,"replicas":2,"updatedReplicas":2,"readyReplicas":2,"availableReplicas":2,"conditions":[{"type":"Available","status":"True"},{"type":"Progressing","status":"True","reason":"NewReplicaSetAvailable"}]}}""",
        "Healthy 2/2",
        TestName = "All pods are there"
    )]
    [TestCase(
        """{"spec":{"replicas":0},"status":{"observedGeneration":3}}""",
        "Healthy 0/0",
        TestName = "Scaled to zero is healthy"
    )]
    [TestCase(
        """{"spec":{"replicas":5},"status":{"observedGeneration":3,"replicas":5,"updatedReplicas":5,"readyReplicas":3,"availableReplicas":3}}""",
        "Progressing 3/5 waiting for 2 pods",
        TestName = "Pods are missing"
    )]
    [TestCase(
        """{"spec":{"replicas":5},"status":{"observedGeneration":2,"replicas":5,"updatedReplicas":5,"readyReplicas":5,"availableReplicas":5}}""",
        "Progressing 5/5 waiting for its controller to see the change",
        TestName = "The numbers are of the spec before"
    )]
    [TestCase(
        """{"spec":{"replicas":1}}""",
        "Progressing 0/1 waiting for its controller to see the change",
        TestName = "Nobody has looked at it yet"
    )]
    [TestCase(
        """{"spec":{"replicas":3},"status":{"observedGeneration":3,"replicas":4,"updatedReplicas":1,"readyReplicas":3,"availableReplicas":3}}""",
        "Progressing 3/3 waiting for 2 pods of the new version",
        TestName = "A rollout is under way"
    )]
    [TestCase(
        """{"spec":{"replicas":3},"status":{"observedGeneration":3,"replicas":4,"updatedReplicas":3,"readyReplicas":4,"availableReplicas":4}}""",
        "Progressing 4/3 waiting for 1 pod of the old version to go",
        TestName = "An old pod is left"
    )]
    [TestCase(
        """{"spec":{"replicas":1},"status":{"observedGeneration":3,"replicas":1,"updatedReplicas":1,"conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"ReplicaSet \"web-7d4b9\" has timed out progressing."}]}}""",
        "Unhealthy 0/1 ProgressDeadlineExceeded: ReplicaSet \"web-7d4b9\" has timed out progressing.",
        TestName = "The deadline is over"
    )]
    [TestCase(
        """{"spec":{"replicas":1},"status":{"observedGeneration":3,"conditions":[{"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":"pods \"web\" is forbidden: exceeded quota"}]}}""",
        "Unhealthy 0/1 FailedCreate: pods \"web\" is forbidden: exceeded quota",
        TestName = "A quota is in the way"
    )]
    public void A_deployment_is_judged(string body, string expected) => Check("apps/v1", "Deployment", body, expected);

    [TestCase(
        """{"spec":{"replicas":3},"status":{"observedGeneration":3,"replicas":3,"readyReplicas":3,"updatedReplicas":3,"currentRevision":"a","updateRevision":"a"}}""",
        "Healthy 3/3",
        TestName = "A stateful set is complete"
    )]
    [TestCase(
        """{"spec":{"replicas":3,"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":0}}},"status":{"observedGeneration":3,"replicas":3,"readyReplicas":3,"updatedReplicas":1,"currentRevision":"a","updateRevision":"b"}}""",
        "Progressing 3/3 waiting for 2 pods of the new version",
        TestName = "A stateful set rolls"
    )]
    [TestCase(
        """{"spec":{"replicas":3,"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":2}}},"status":{"observedGeneration":3,"replicas":3,"readyReplicas":3,"updatedReplicas":1,"currentRevision":"a","updateRevision":"b"}}""",
        "Healthy 3/3",
        TestName = "A stateful set rolled as far as its partition says"
    )]
    [TestCase(
        """{"spec":{"replicas":2,"updateStrategy":{"type":"OnDelete"}},"status":{"observedGeneration":3,"replicas":2,"readyReplicas":2,"currentRevision":"a","updateRevision":"b"}}""",
        "Healthy 2/2",
        TestName = "A stateful set that a person rolls"
    )]
    public void A_stateful_set_is_judged(string body, string expected) =>
        Check("apps/v1", "StatefulSet", body, expected);

    [TestCase(
        """{"status":{"observedGeneration":3,"desiredNumberScheduled":3,"numberReady":2,"numberAvailable":2,"updatedNumberScheduled":3}}""",
        "Progressing 2/3 waiting for 1 pod",
        TestName = "A node lacks its pod"
    )]
    [TestCase(
        """{"status":{"observedGeneration":3,"desiredNumberScheduled":0,"numberReady":0}}""",
        "Healthy 0/0",
        TestName = "No node wants one"
    )]
    public void A_daemon_set_is_judged(string body, string expected) => Check("apps/v1", "DaemonSet", body, expected);

    [TestCase(
        """{"spec":{"completions":1},"status":{"succeeded":1,"conditions":[{"type":"Complete","status":"True"}]}}""",
        "Healthy Complete",
        TestName = "A job is through"
    )]
    [TestCase(
        """{"spec":{"completions":3},"status":{"active":1,"succeeded":1,"failed":2}}""",
        "Progressing 1/3 waiting for 2 of 3 to complete, 2 failed",
        TestName = "A job runs"
    )]
    [TestCase(
        """{"spec":{"completions":1},"status":{"failed":7,"conditions":[{"type":"Failed","status":"True","reason":"BackoffLimitExceeded","message":"Job has reached the specified backoff limit"}]}}""",
        "Unhealthy Failed BackoffLimitExceeded: Job has reached the specified backoff limit",
        TestName = "A job gave up"
    )]
    public void A_job_is_judged(string body, string expected) => Check("batch/v1", "Job", body, expected);

    [TestCase("""{"spec":{"suspend":true}}""", "Healthy Suspended", TestName = "A cron job is off")]
    [TestCase(
        """{"spec":{},"status":{"active":[{"name":"a"}]}}""",
        "Healthy 1 active",
        TestName = "A cron job has a job"
    )]
    public void A_cron_job_is_judged(string body, string expected) => Check("batch/v1beta1", "CronJob", body, expected);

    [TestCase(
        """{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}],"containerStatuses":[{"name":"web","ready":true,"restartCount":12,"state":{"running":{}},"lastState":{"terminated":{"exitCode":1}}}]}}""",
        "Healthy Running",
        TestName = "A pod runs, whatever it went through"
    )]
    [TestCase(
        """{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"False"}],"containerStatuses":[{"name":"web","ready":false,"restartCount":0,"state":{"running":{}}}]}}""",
        "Progressing Running not ready: web",
        TestName = "A probe says no"
    )]
    [TestCase(
        """{"status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes are available: 3 Insufficient cpu."}]}}""",
        "Progressing Pending FailedScheduling: 0/3 nodes are available: 3 Insufficient cpu.",
        TestName = "No node has room"
    )]
    [TestCase(
        """{"status":{"phase":"Pending","containerStatuses":[{"name":"web","state":{"waiting":{"reason":"ContainerCreating"}}}]}}""",
        "Progressing ContainerCreating is starting",
        TestName = "A container is being made"
    )]
    [TestCase(
        """{"spec":{"containers":[{"name":"web","image":"registry.example.com/web:1.9"}]},"status":{"phase":"Pending","containerStatuses":[{"name":"web","image":"x","state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image"}}}]}}""",
        "Unhealthy ImagePullBackOff ImagePullBackOff registry.example.com/web:1.9",
        TestName = "An image is not there"
    )]
    [TestCase(
        """{"spec":{"containers":[{"name":"web","image":"web:9"}]},"status":{"phase":"Pending","containerStatuses":[{"name":"web","state":{"waiting":{"reason":"ErrImageNeverPull","message":"Container image \"web:9\" is not present with pull policy of Never"}}}]}}""",
        "Unhealthy ErrImageNeverPull ErrImageNeverPull web:9",
        TestName = "An image may not be pulled"
    )]
    [TestCase(
        """{"spec":{"initContainers":[{"name":"init","image":"init:1"}]},"status":{"phase":"Pending","initContainerStatuses":[{"name":"init","state":{"waiting":{"reason":"ErrImagePull"}}}],"containerStatuses":[{"name":"web","state":{"waiting":{"reason":"PodInitializing"}}}]}}""",
        "Unhealthy ErrImagePull ErrImagePull init:1",
        TestName = "An init container's image is not there"
    )]
    [TestCase(
        """{"status":{"phase":"Running","containerStatuses":[{"name":"web","restartCount":5,"state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 5m0s restarting failed container"}},"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]}}""",
        "Unhealthy CrashLoopBackOff CrashLoopBackOff: 5 restarts, web ended with 137 (OOMKilled)",
        TestName = "A container crashes again and again"
    )]
    [TestCase(
        """{"status":{"phase":"Running","containerStatuses":[{"name":"web","restartCount":5,"ready":false,"state":{"running":{}},"lastState":{"terminated":{"exitCode":1,"reason":"Error"}}}]}}""",
        "Unhealthy CrashLoopBackOff CrashLoopBackOff: 5 restarts, web ended with 1 (Error)",
        TestName = "A container that crashes again and again just started"
    )]
    [TestCase(
        """{"status":{"phase":"Running","containerStatuses":[{"name":"web","restartCount":0,"state":{"terminated":{"exitCode":2,"reason":"Error","message":"a\nno such file"}}}]}}""",
        "Progressing Error web ended with 2 (Error): no such file",
        TestName = "A container crashed once"
    )]
    [TestCase(
        """{"status":{"phase":"Pending","containerStatuses":[{"name":"web","state":{"waiting":{"reason":"CreateContainerConfigError","message":"secret \"db\" not found"}}}]}}""",
        "Unhealthy CreateContainerConfigError CreateContainerConfigError: secret \"db\" not found",
        TestName = "A secret is not there"
    )]
    [TestCase(
        """{"status":{"phase":"Failed","reason":"Evicted","message":"The node was low on resource: memory."}}""",
        "Unhealthy Evicted Evicted: The node was low on resource: memory.",
        TestName = "A pod was put out"
    )]
    [TestCase("""{"status":{"phase":"Succeeded"}}""", "Healthy Completed", TestName = "A pod is through")]
    [TestCase("""{"status":{}}""", "Progressing Pending is starting", TestName = "A pod is new")]
    public void A_pod_is_judged(string body, string expected) => Check("v1", "Pod", body, expected);

    [TestCase("PersistentVolumeClaim", """{"status":{"phase":"Bound"}}""", "Healthy Bound")]
    [TestCase(
        "PersistentVolumeClaim",
        """{"status":{"phase":"Pending"}}""",
        "Progressing Pending waiting for a volume"
    )]
    [TestCase("PersistentVolumeClaim", """{"status":{"phase":"Lost"}}""", "Unhealthy Lost its volume is lost")]
    [TestCase("Service", """{"spec":{"type":"ClusterIP"}}""", "Healthy Active")]
    [TestCase(
        "Service",
        """{"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{}}}""",
        "Progressing Pending waiting for the load balancer's address"
    )]
    [TestCase(
        "Service",
        """{"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}}""",
        "Healthy Active"
    )]
    [TestCase("Namespace", """{"status":{"phase":"Active"}}""", "Healthy Active")]
    [TestCase("ConfigMap", """{"data":{}}""", "Healthy Active")]
    public void A_basic_kind_is_judged(string kind, string body, string expected) => Check("v1", kind, body, expected);

    [TestCase("""{"status":{"conditions":[{"type":"Ready","status":"True"}]}}""", "Healthy Ready")]
    [TestCase(
        """{"status":{"conditions":[{"type":"Ready","status":"False","reason":"Issuing","message":"Issuing certificate"}]}}""",
        "Progressing NotReady Issuing: Issuing certificate"
    )]
    [TestCase(
        """{"status":{"conditions":[{"type":"Ready","status":"False","reason":"InstallFailed","message":"no chart"}]}}""",
        "Unhealthy NotReady InstallFailed: no chart"
    )]
    [TestCase(
        """{"status":{"observedGeneration":2,"conditions":[{"type":"Ready","status":"True"}]}}""",
        "Progressing Pending waiting for its controller to see the change"
    )]
    [TestCase(
        """{"status":{"conditions":[{"type":"Ready","status":"True"},{"type":"Stalled","status":"True","reason":"Quota"}]}}""",
        "Unhealthy Stalled Quota"
    )]
    [TestCase("""{"status":{"conditions":"none","observedGeneration":"x"},"spec":[1]}""", "Healthy Active")]
    [TestCase("""{"spec":{}}""", "Healthy Active")]
    public void Any_other_kind_is_judged_by_its_conditions(string body, string expected) =>
        Check("example.com/v1", "Thing", body, expected);

    [Test]
    public void A_definition_of_a_kind_is_there_when_it_is_established() =>
        Check(
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            """{"status":{"conditions":[{"type":"NamesAccepted","status":"True"},{"type":"Established","status":"True"}]}}""",
            "Healthy Established"
        );

    [Test]
    public void What_is_being_deleted_is_not_healthy() =>
        Check(
            "v1",
            "ConfigMap",
            """{"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"}}""",
            "Progressing Terminating is being deleted"
        );

    private static void Check(string apiVersion, string kind, string body, string expected)
    {
        var content = JsonNode.Parse(body)!.AsObject();
        content["apiVersion"] = apiVersion;
        content["kind"] = kind;
        var metadata = content["metadata"] as JsonObject ?? [];
        metadata["generation"] = 3L;
        content["metadata"] = metadata;
        var found = Assess.Object(content);
        Assert.That($"{found.Health} {found.Summary} {found.Message}".TrimEnd(), Is.EqualTo(expected));
    }
}
