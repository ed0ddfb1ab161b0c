using Threeport.Agent.Health;
using Threeport.Agent.Objects;
using Threeport.Agent.Reporting;
using Threeport.Agent.Workloads;
using Threeport.Kubernetes;

namespace Threeport.Tests.Agent;

public sealed class WorkloadTreeTests
{
    private static readonly Assessment Short = Assessment.Progressing("0/2", "waiting for 2 pods") with
    {
        WantedPods = 2,
    };

    [Test]
    public void Nothing_asked_for_is_healthy() => Assert.That(Build([]).Health, Is.EqualTo("Healthy"));

    [Test]
    public void What_was_applied_comes_first_in_its_order_then_what_it_made_with_its_owner()
    {
        var deployment = Seen("Deployment", "web", Assessment.Healthy("1/1"));
        var set = Seen("ReplicaSet", "web-7d", Assessment.Healthy("1/1"), deployment);
        var former = Seen("ReplicaSet", "web-6c", Assessment.Healthy("0/0"), deployment);
        var pod = Seen("Pod", "web-7d-a", Assessment.Healthy("Running"), set);
        var map = Seen("ConfigMap", "conf", Assessment.Healthy("Active"));
        var built = Build([There(map), There(deployment)], pod, set, former);
        Assert.That(
            built.Objects.Select(static o => $"{o.Kind}/{o.Name} of {o.Owner}"),
            Is.EqualTo(
                new[]
                {
                    "ConfigMap/conf of ",
                    "Deployment/web of ",
                    "Pod/web-7d-a of ReplicaSet/web-7d",
                    "ReplicaSet/web-7d of Deployment/web",
                }
            )
        );
    }

    [Test]
    public void A_pod_that_cannot_start_makes_the_workload_unhealthy_in_its_own_words()
    {
        var deployment = Seen("Deployment", "web", Short);
        var set = Seen("ReplicaSet", "web-7d", Short, deployment);
        var trouble = Assessment.Unhealthy("ImagePullBackOff", "ImagePullBackOff registry.example.com/web:1.9");
        var built = Build(
            [There(deployment)],
            set,
            Seen("Pod", "web-7d-a", trouble, set),
            Seen("Pod", "web-7d-b", trouble, set)
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(built.Health, Is.EqualTo("Unhealthy"));
            Assert.That(built.Message, Is.EqualTo("web-7d-a: ImagePullBackOff registry.example.com/web:1.9"));
            Assert.That(built.Objects[0].Message, Is.EqualTo("2 pods: ImagePullBackOff registry.example.com/web:1.9"));
            Assert.That((built.ReadyPods, built.WantedPods), Is.EqualTo((0, 2)));
        }
    }

    [Test]
    public void Pods_on_their_way_are_counted_for_the_workload_and_explained_where_they_are()
    {
        var deployment = Seen("Deployment", "web", Short);
        var set = Seen("ReplicaSet", "web-7d", Short, deployment);
        var waiting = Assessment.Progressing("Pending", "FailedScheduling: 3 Insufficient cpu.");
        var built = Build([There(deployment)], set, Seen("Pod", "a", waiting, set), Seen("Pod", "b", waiting, set));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(built.Health, Is.EqualTo("Progressing"));
            Assert.That(built.Message, Is.EqualTo("waiting for 2 pods of Deployment web"));
            Assert.That(built.Objects[0].Message, Is.EqualTo("2 pods: FailedScheduling: 3 Insufficient cpu."));
        }
    }

    [Test]
    public void A_pod_left_behind_by_what_is_well_is_nobodys_trouble()
    {
        var deployment = Seen("Deployment", "web", Assessment.Healthy("1/1"));
        var set = Seen("ReplicaSet", "web-7d", Assessment.Healthy("1/1"), deployment);
        var evicted = Seen("Pod", "old", Assessment.Unhealthy("Evicted", "Evicted: low on memory"), set);
        Assert.That(Build([There(deployment)], set, evicted).Health, Is.EqualTo("Healthy"));
    }

    [Test]
    public void A_pod_that_is_going_is_nobodys_trouble()
    {
        var deployment = Seen("Deployment", "web", Short);
        var going = Seen("Pod", "old", Assessment.Unhealthy("Error", "Error"), deployment) with
        {
            IsTerminating = true,
        };
        Assert.That(Build([There(deployment)], going).Health, Is.EqualTo("Progressing"));
    }

    [Test]
    public void The_worst_comes_first()
    {
        var built = Build([
            There(Seen("PersistentVolumeClaim", "data", Assessment.Progressing("Pending", "waiting for a volume"))),
            There(Seen("Job", "migrate", Assessment.Unhealthy("Failed", "BackoffLimitExceeded"))),
        ]);
        Assert.That(built.Health, Is.EqualTo("Unhealthy"));
        Assert.That(built.Message, Is.EqualTo("Job migrate: BackoffLimitExceeded"));
    }

    [TestCase(true, null, DriftKind.None, "Progressing", "Service web: is not there yet")]
    [TestCase(true, null, DriftKind.Deleted, "Unhealthy", "Service web: is gone: it was deleted")]
    [TestCase(false, null, DriftKind.None, "Progressing", "Service web: the cluster does not have its kind yet")]
    [TestCase(false, null, DriftKind.Deleted, "Unhealthy", "Service web: is gone: the cluster no longer has its kind")]
    [TestCase(true, "forbidden", DriftKind.None, "Progressing", "Service web: forbidden")]
    public void What_is_not_seen_is_missing_and_why(
        bool served,
        string? problem,
        object drift,
        string health,
        string message
    )
    {
        var state = new TypeState(IsKnown: true, problem, served);
        var built = Build([new(new(Reference("Service", "web"), "hash"), Seen: null, (DriftKind)drift, state)]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(built.Health, Is.EqualTo(health));
            Assert.That(built.Message, Is.EqualTo(message));
            Assert.That(built.Objects[0].Health, Is.EqualTo("Missing"));
            Assert.That(built.Objects[0].Drift, Is.EqualTo((DriftKind)drift is DriftKind.None ? null : "Deleted"));
        }
    }

    [Test]
    public void Of_very_many_pods_the_worst_are_shown()
    {
        var deployment = Seen("Deployment", "web", Short);
        var well = Enumerable
            .Range(0, 1_000)
            .Select(i => Seen("Pod", $"a{i:0000}", Assessment.Healthy("Running"), deployment));
        var broken = Seen("Pod", "z", Assessment.Unhealthy("Error", "Error"), deployment);
        var built = Build([There(deployment)], [.. well, broken]);
        Assert.That(built.Objects, Has.Count.EqualTo(1 + WorkloadTree.MaximumMade));
        Assert.That(built.Objects.Select(static o => o.Name), Has.Member("z"));
    }

    [Test]
    public void Owners_that_go_in_a_circle_end()
    {
        var a = Seen("Deployment", "a", Short);
        var b = Seen("Pod", "b", Short, a);
        var circle = a with { Owner = new("Pod", "b", b.Uid) };
        Assert.That(Build([There(circle)], b, circle).Health, Is.EqualTo("Progressing"));
    }

    private static WorkloadObservationSpec Build(IReadOnlyList<AppliedState> applied, params TrackedObject[] made) =>
        WorkloadTree.Build(new("id", "shop", []), "local", applied, made);

    private static AppliedState There(TrackedObject seen) =>
        new(new(seen.Reference, "hash"), seen, DriftKind.None, TypeState.Listed);

    private static ObjectReference Reference(string kind, string name) =>
        new(kind is "Pod" or "ConfigMap" or "Service" ? "v1" : "apps/v1", kind, "shop", name);

    private static TrackedObject Seen(string kind, string name, Assessment assessment, TrackedObject? owner = null) =>
        new()
        {
            Reference = Reference(kind, name),
            Uid = $"uid-{kind}-{name}",
            Instance = "id",
            Owner = owner is null ? null : new(owner.Reference.Kind, owner.Reference.Name, owner.Uid),
            Assessment = assessment,
        };
}
