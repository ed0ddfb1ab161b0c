using Microsoft.Extensions.Time.Testing;
using Threeport.Agent.Events;
using Threeport.Agent.Health;
using Threeport.Agent.Objects;
using Threeport.Agent.Workloads;
using Threeport.Kubernetes;

namespace Threeport.Tests.Agent;

public sealed class ClusterViewTests
{
    private static readonly ObjectType Maps = new("v1", "ConfigMap");

    private readonly FakeTimeProvider _time = new();
    private DirtyWorkloads _dirty = null!;
    private ClusterView _view = null!;

    [SetUp]
    public void Begin()
    {
        _dirty = new(_time);
        _view = new("local", _dirty, _time);
        foreach (var type in new[] { ObjectType.Pod, ObjectType.ReplicaSet, Maps })
        {
            _view.SetState(type, TypeState.Listed);
        }
    }

    [TearDown]
    public void End() => _dirty.Dispose();

    [Test]
    public void Nothing_is_said_before_all_types_are_listed()
    {
        var view = new ClusterView("local", _dirty, _time);
        view.Put(Workload("hash"));
        view.SetState(Maps, TypeState.Listed);
        view.SetState(ObjectType.Pod, TypeState.Listed);
        Assert.That(view.Observe("id"), Is.Null);
        view.SetState(ObjectType.ReplicaSet, TypeState.Listed);
        Assert.That(view.Observe("id"), Is.Not.Null);
    }

    [Test]
    public void A_difference_counts_once_it_has_lasted()
    {
        _view.Put(Workload("new"));
        _view.Put(Map("old"));
        Assert.That(DriftNow(), Is.Null);
        _dirty.Take(10);
        _time.Advance(Drift.Settling);
        Assert.That(_dirty.Take(10), Is.EqualTo(new[] { "id" }));
        Assert.That(DriftNow(), Is.EqualTo("Changed"));
    }

    [Test]
    public void A_difference_that_goes_by_itself_was_none()
    {
        _view.Put(Workload("new"));
        _view.Put(Map("old"));
        Assert.That(DriftNow(), Is.Null);
        _view.Put(Map("new"));
        Assert.That(DriftNow(), Is.Null);
        _view.Put(Map("old"));
        _time.Advance(Drift.Settling / 2);
        Assert.That(DriftNow(), Is.Null);
        _time.Advance(Drift.Settling);
        Assert.That(DriftNow(), Is.EqualTo("Changed"));
    }

    [Test]
    public void Without_a_hash_there_is_no_drift()
    {
        _view.Put(Workload(hash: null));
        _view.Observe("id");
        _time.Advance(Drift.Settling * 2);
        Assert.That(DriftNow(), Is.Null);
    }

    [Test]
    public void A_list_forgets_what_it_does_not_hold()
    {
        _view.Put(Workload("hash"));
        _view.Put(Map("hash"));
        _view.Replace(Maps, []);
        _view.Observe("id");
        _time.Advance(Drift.Settling);
        Assert.That(DriftNow(), Is.EqualTo("Deleted"));
    }

    [Test]
    public void The_end_of_an_object_does_not_take_its_successor_with_it()
    {
        _view.Put(Workload("hash"));
        var first = Map("hash");
        _view.Put(first);
        _view.Put(first with { Uid = "second" });
        _view.Remove(first);
        Assert.That(_view.Observe("id")!.Objects[0].Health, Is.EqualTo("Healthy"));
    }

    [Test]
    public void An_object_that_changes_hands_leaves_its_former_workload()
    {
        _view.Put(Workload("hash"));
        _view.Put(Map("hash"));
        _view.Put(Map("hash") with { Instance = "other" });
        Assert.That(_view.Observe("id")!.Objects[0].Health, Is.EqualTo("Missing"));
    }

    [Test]
    public void Types_are_needed_as_long_as_a_workload_names_them()
    {
        _view.Put(Workload("hash"));
        _view.Put(Workload("hash") with { Id = "other" });
        _view.Remove("id");
        Assert.That(_view.NeededTypes, Is.EquivalentTo(new[] { Maps, ObjectType.Pod, ObjectType.ReplicaSet }));
        _view.Remove("other");
        Assert.That(_view.NeededTypes, Is.Empty);
    }

    [Test]
    public void Cron_jobs_need_their_jobs()
    {
        var cron = new AppliedObject(new("batch/v1", "CronJob", "shop", "nightly"), null);
        _view.Put(new WorkloadSpec("id", "shop", [cron]));
        Assert.That(_view.NeededTypes, Has.Member(ObjectType.Job));
    }

    [TestCase("v1", "Secret", false)]
    [TestCase("example.com/v1", "Secret", false)]
    [TestCase("v1", "ConfigMap", false)]
    [TestCase("rbac.authorization.k8s.io/v1", "Role", false)]
    [TestCase("v1", "Pod", true)]
    [TestCase("apps/v1", "Deployment", true)]
    [TestCase("cert-manager.io/v1", "Certificate", true)]
    [TestCase("apiextensions.k8s.io/v1", "CustomResourceDefinition", true)]
    public void Only_what_has_its_health_in_it_is_read_in_full(string apiVersion, string kind, bool expected) =>
        Assert.That(new ObjectType(apiVersion, kind).IsReadInFull, Is.EqualTo(expected));

    [Test]
    public void A_warning_waits_for_its_object_and_is_told_once()
    {
        var queue = new EventQueue(_view, _time);
        queue.Put(Happened("e1", count: 1));
        Assert.That(queue.Take(10), Is.Empty);
        _view.Put(Workload("hash"));
        _view.Put(Map("hash"));
        Assert.That(queue.Take(10).Single().Events.Single().Message, Is.EqualTo("ConfigMap conf: it hurts"));
        queue.Replace([Happened("e1", count: 1)]);
        Assert.That(queue.Take(10), Is.Empty);
        queue.Replace([Happened("e1", count: 2)]);
        Assert.That(queue.Take(10).Single().Events.Single().Count, Is.EqualTo(2));
    }

    [Test]
    public void An_event_of_a_stranger_is_forgotten()
    {
        var queue = new EventQueue(_view, _time);
        queue.Put(Happened("e1", count: 1));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(queue.Take(10), Is.Empty);
        _view.Put(Workload("hash"));
        _view.Put(Map("hash"));
        Assert.That(queue.Take(10), Is.Empty);
    }

    [Test]
    public void What_is_routine_is_told_of_applied_objects_only()
    {
        var queue = new EventQueue(_view, _time);
        _view.Put(Workload("hash"));
        _view.Put(Map("hash"));
        _view.Put(Map("hash") with { Reference = new("v1", "Pod", "shop", "p"), Uid = "pod" });
        queue.Put(Happened("e1", count: 1) with { IsWarning = false, ObjectUid = "pod" });
        Assert.That(queue.Take(10), Is.Empty);
        queue.Put(Happened("e2", count: 1) with { IsWarning = false });
        Assert.That(queue.Take(10), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_storm_of_events_is_bounded()
    {
        var queue = new EventQueue(_view, _time);
        _view.Put(Workload("hash"));
        _view.Put(Map("hash"));
        for (var i = 0; i < 1_000; i++)
        {
            queue.Put(Happened($"e{i}", count: 1) with { Message = $"pain {i}" });
        }

        Assert.That(queue.Take(10).Single().Events, Has.Count.EqualTo(EventQueue.MaximumPerWorkload));
        Assert.That(queue.Dropped, Is.EqualTo(1_000 - EventQueue.MaximumPerWorkload));
    }

    [Test]
    public async Task What_waits_wakes_the_reporter_when_it_is_due()
    {
        var waiting = _dirty.WaitAsync(CancellationToken.None);
        _dirty.MarkAfter("id", TimeSpan.FromSeconds(1));
        Assert.That(waiting.IsCompleted, Is.False);
        var deadline = Task.Delay(TimeSpan.FromSeconds(10));
        while (!waiting.IsCompleted && !deadline.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.That(waiting.IsCompleted, Is.True);
        Assert.That(_dirty.Take(10), Is.EqualTo(new[] { "id" }));
    }

    private string? DriftNow() => _view.Observe("id")!.Objects[0].Drift;

    private static WorkloadSpec Workload(string? hash) =>
        new("id", "shop", [new(new("v1", "ConfigMap", "shop", "conf"), hash)]);

    private static TrackedObject Map(string hash) =>
        new()
        {
            Reference = new ObjectReference("v1", "ConfigMap", "shop", "conf"),
            Uid = "first",
            Instance = "id",
            Assessment = Assessment.Healthy("Active"),
            FieldsHash = hash,
        };

    private static ClusterEvent Happened(string uid, int count) =>
        new()
        {
            Uid = uid,
            ObjectUid = "first",
            IsWarning = true,
            Reason = "Broken",
            Message = "it hurts",
            Source = "test",
            Count = count,
            LastSeen = null,
        };
}
