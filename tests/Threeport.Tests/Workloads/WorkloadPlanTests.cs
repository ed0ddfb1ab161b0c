using Threeport.Kubernetes;
using Threeport.Modules.Workloads.WorkloadInstances;
using Threeport.Modules.Workloads.WorkloadObservations;

namespace Threeport.Tests.Workloads;

public sealed class WorkloadPlanTests
{
    private const string Three = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: reader}
        """;

    [Test]
    public void What_is_new_is_applied_in_the_order_of_dependence()
    {
        var plan = Plan(Instance(), Three);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Kinds(plan), Is.EqualTo(new[] { "Namespace", "Role", "ConfigMap", "Deployment" }));
            Assert.That(plan.Remove, Is.Empty);
            Assert.That(
                plan.Inventory,
                Has.Count.EqualTo(4).And.All.Matches<AppliedObject>(static o => o!.FieldsHash is null)
            );
        }
    }

    [Test]
    public void What_is_applied_already_is_not_applied_again()
    {
        var instance = Applied(Three);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Plan(instance, Three).Apply, Is.Empty);
            Assert.That(WorkloadPlan.IsSettled(instance, 1, []), Is.True);
        }
    }

    [Test]
    public void Another_generation_is_applied_in_full_and_what_is_gone_from_it_removed_last_stage_first()
    {
        var instance = Applied(Three);
        var plan = Plan(instance, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}", generation: 2);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(WorkloadPlan.IsSettled(instance, 2, []), Is.False);
            Assert.That(Kinds(plan), Is.EqualTo(new[] { "Namespace", "ConfigMap" }));
            Assert.That(plan.Remove.Select(static o => o.Kind), Is.EqualTo(new[] { "Deployment", "Role" }));
            Assert.That(plan.Remove, Is.All.Matches<AppliedObject>(static o => o!.Removing));
            Assert.That(plan.Inventory, Has.Count.EqualTo(4));
        }
    }

    [Test]
    public void What_is_still_going_is_removed_on_and_nothing_applied_for_it()
    {
        var instance = Applied("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}");
        instance.Status.Inventory =
        [
            .. instance.Status.Inventory,
            Entry("apps/v1", "Deployment", "web") with
            {
                Removing = true,
            },
        ];
        var plan = Plan(instance, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(WorkloadPlan.IsSettled(instance, 1, []), Is.False);
            Assert.That(plan.Apply, Is.Empty);
            Assert.That(plan.Remove.Select(static o => o.Kind), Is.EqualTo(new[] { "Deployment" }));
        }
    }

    [Test]
    public void What_was_going_and_is_wanted_again_is_applied()
    {
        var instance = Applied(Three);
        instance.Status.Inventory =
        [
            .. instance.Status.Inventory.Select(static o => o with { Removing = o.Kind == "Role" }),
        ];
        var plan = Plan(instance, Three);
        Assert.That(Kinds(plan), Is.EqualTo(new[] { "Role" }));
        Assert.That(plan.Inventory, Is.All.Matches<AppliedObject>(static o => !o!.Removing));
    }

    [Test]
    public void What_a_pass_that_died_may_have_applied_is_applied_again()
    {
        var instance = Applied(Three);
        instance.Status.Inventory =
        [
            .. instance.Status.Inventory.Select(static o => o.Kind == "Role" ? o with { FieldsHash = null } : o),
        ];
        Assert.That(Kinds(Plan(instance, Three)), Is.EqualTo(new[] { "Role" }));
    }

    [TestCase("Changed", "other", true)]
    [TestCase("Deleted", null, true)]
    [TestCase("Changed", "hash", false)]
    [TestCase(null, "other", false)]
    public void Drift_is_what_differs_from_the_last_apply(string? drift, string? hash, bool isDrift)
    {
        var instance = Applied(Three);
        var drifts = WorkloadPlan.Drifts(instance, Observation(instance, "ConfigMap", drift, hash));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(drifts, Has.Count.EqualTo(isDrift ? 1 : 0));
            Assert.That(
                Kinds(Plan(instance, Three, drifts: drifts)),
                Is.EqualTo(isDrift ? ["ConfigMap"] : Array.Empty<string>())
            );
            Assert.That(WorkloadPlan.IsSettled(instance, 1, drifts), Is.Not.EqualTo(isDrift));
        }
    }

    [Test]
    public void Drift_is_left_alone_where_the_policy_says_so()
    {
        var instance = Applied(Three);
        instance.Spec = instance.Spec with { DriftPolicy = "Report" };
        var drifts = WorkloadPlan.Drifts(instance, Observation(instance, "ConfigMap", "Deleted", null));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(drifts, Has.Count.EqualTo(1));
            Assert.That(Plan(instance, Three, drifts: drifts).Apply, Is.Empty);
            Assert.That(WorkloadPlan.IsSettled(instance, 1, drifts), Is.True);
        }
    }

    [Test]
    public void A_job_that_goes_when_it_is_done_is_not_run_again()
    {
        const string job =
            "apiVersion: batch/v1\nkind: Job\nmetadata: {name: once}\nspec: {ttlSecondsAfterFinished: 1}";
        var instance = Applied(job);
        var drifts = WorkloadPlan.Drifts(instance, Observation(instance, "Job", "Deleted", null));
        Assert.That(Plan(instance, job, drifts: drifts).Apply, Is.Empty);
    }

    [Test]
    public void What_an_agent_says_twice_or_of_strangers_does_no_harm()
    {
        var instance = Applied(Three);
        var observation = Observation(instance, "ConfigMap", "Deleted", null);
        observation.Spec = observation.Spec with
        {
            Objects =
            [
                .. observation.Spec.Objects,
                .. observation.Spec.Objects,
                new()
                {
                    ApiVersion = "v1",
                    Kind = "Secret",
                    Name = "stranger",
                    Health = "Healthy",
                    Drift = "Deleted",
                },
            ],
        };
        Assert.That(WorkloadPlan.Drifts(instance, observation), Has.Count.EqualTo(1));
    }

    private static IEnumerable<string> Kinds(WorkloadPlan plan) => plan.Apply.Select(static o => o.Reference.Kind);

    private static WorkloadInstance Instance() => new() { Id = Guid.CreateVersion7(), Name = "shop" };

    private static DesiredState Desired(WorkloadInstance instance, string yaml) =>
        DesiredState.For(instance, Manifests.Parse(yaml), static (_, kind) => kind is not "Namespace");

    private static WorkloadPlan Plan(
        WorkloadInstance instance,
        string yaml,
        long generation = 1,
        IReadOnlyList<Drift>? drifts = null
    ) => WorkloadPlan.For(Desired(instance, yaml), instance, generation, drifts ?? []);

    private static WorkloadInstance Applied(string yaml)
    {
        var instance = Instance();
        instance.Status.AppliedGeneration = 1;
        instance.Status.Inventory =
        [
            .. Desired(instance, yaml)
                .Objects.Select(static o => AppliedObjects.New(o.Reference) with { FieldsHash = "hash" }),
        ];
        return instance;
    }

    private static AppliedObject Entry(string apiVersion, string kind, string name) =>
        new()
        {
            ApiVersion = apiVersion,
            Kind = kind,
            Namespace = "x",
            Name = name,
            FieldsHash = "hash",
        };

    private static WorkloadObservation Observation(
        WorkloadInstance instance,
        string kind,
        string? drift,
        string? hash
    ) =>
        new()
        {
            Name = instance.Name,
            Spec = new()
            {
                Objects =
                [
                    .. instance
                        .Status.Inventory.Where(o => o.Kind == kind)
                        .Select(o => new ObservedObject
                        {
                            ApiVersion = o.ApiVersion,
                            Kind = o.Kind,
                            Namespace = o.Namespace,
                            Name = o.Name,
                            Health = "Healthy",
                            Drift = drift,
                            FieldsHash = hash,
                        }),
                ],
            },
        };
}
