using Microsoft.Extensions.DependencyInjection;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Server;

/// <summary>What a reconciler may rely on, whichever way it reaches the API layer.</summary>
public abstract class TransportTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private protected static Caller Caller { get; } = Caller.Controller("samples");

    private protected IResources Resources { get; set; } = null!;

    private protected IPasses Passes { get; set; } = null!;

    [Test]
    public async Task A_resource_that_is_not_there_is_null()
    {
        Assert.That(await Resources.FindAsync<PlainSample>("nobody", default), Is.Null);
        Assert.That(await Resources.DeleteAsync<PlainSample>("nobody", default), Is.False);
    }

    [Test]
    public async Task What_is_put_is_found_listed_and_deleted()
    {
        var name = Name();
        var sample = new PlainSample
        {
            Name = name,
            Labels = { ["team"] = name },
            Spec = new() { Text = "one & two" },
        };

        var stored = await Resources.PutAsync(sample, default);
        var found = await Resources.FindAsync<PlainSample>(name, default);
        var filter = ResourceFilter<PlainSample>.All.Where(x => x.Spec.Text, "one & two").Where(x => x.Name, name);
        var listed = await Resources.ListAsync(filter, default).ToListAsync();
        var deleted = await Resources.DeleteAsync<PlainSample>(name, default);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(stored.Id, Is.Not.EqualTo(Guid.Empty));
            Assert.That(found!.Spec.Text, Is.EqualTo("one & two"));
            Assert.That(found.Labels["team"], Is.EqualTo(name));
            Assert.That(listed.Select(static s => s.Id), Is.EqualTo([stored.Id]));
            Assert.That(deleted);
            Assert.That(await Resources.FindAsync<PlainSample>(name, default), Is.Null);
        }
    }

    [Test]
    public async Task Secrets_are_in_clear_for_a_controller()
    {
        var name = Name();
        await Resources.PutAsync(
            new Sample
            {
                Name = name,
                Spec = new() { Secret = "hunter2" },
            },
            default
        );

        Assert.That((await Resources.FindAsync<Sample>(name, default))!.Spec.Secret, Is.EqualTo("hunter2"));
    }

    [Test]
    public async Task What_is_wrong_is_a_problem_with_a_pointer()
    {
        var sample = new Sample
        {
            Name = Name(),
            Spec = new() { Plain = "nobody" },
        };

        var exception = await Assert.ThrowsAsync<ProblemException>(() => Resources.PutAsync(sample, default));

        var problem = exception!.Problem;
        Assert.That(problem.Status, Is.EqualTo(400));
        Assert.That(problem.Errors![0].Pointer, Is.EqualTo("/spec/plain"));
    }

    [Test]
    public async Task A_pass_begins_renews_checkpoints_and_ends()
    {
        var sample = await Resources.PutAsync(
            new Sample
            {
                Name = Name(),
                Spec = new() { Secret = "x" },
            },
            default
        );

        var begun = await Passes.BeginAsync<Sample>(sample.Id, "tests/1", default);
        Assert.That(begun!.Resource.Spec.Secret, Is.EqualTo("x"));
        Assert.That(await Passes.BeginAsync<Sample>(sample.Id, "tests/2", default), Is.Null);
        Assert.That(await Passes.RenewAsync<Sample>(sample.Id, begun.Epoch, default));
        Assert.That(await Passes.RenewAsync<Sample>(sample.Id, begun.Epoch + 1, default), Is.False);

        begun.Resource.Status.Seen = "half";
        await Passes.CheckpointAsync(begun.Resource, begun.Epoch, default);
        Assert.That((await Resources.FindAsync<Sample>(sample.Name, default))!.Status.Seen, Is.EqualTo("half"));

        begun.Resource.Status.Seen = "all";
        var outcome = new PassOutcome
        {
            ObservedGeneration = 1,
            Conditions = [new(Condition.ReadyType, ConditionStatus.True, "Ready", "")],
            Events = [new(EventType.Normal, "Seen", "It was seen.")],
            RequeueAfter = Hour,
        };
        await Passes.EndAsync(begun.Resource, begun.Epoch, outcome, default);

        var ended = (await Resources.FindAsync<Sample>(sample.Name, default))!;
        Assert.That(ended.IsReady);
        Assert.That(ended.Status.Seen, Is.EqualTo("all"));
        await Assert.ThrowsAsync<PassLostException>(() =>
            Passes.EndAsync(begun.Resource, begun.Epoch, outcome, default)
        );
    }

    [Test]
    public async Task A_pass_over_nothing_does_not_begin() =>
        Assert.That(await Passes.BeginAsync<Sample>(Guid.CreateVersion7(), "tests/1", default), Is.Null);

    [Test]
    public async Task Events_are_counted()
    {
        var name = Name();
        await Resources.PutAsync(new PlainSample { Name = name }, default);
        var happened = new ResourceEventRecord(EventType.Warning, "Odd", "It is odd.");

        await Resources.RecordEventsAsync<PlainSample>(name, [happened], default);
        await Resources.RecordEventsAsync<PlainSample>(name, [happened], default);

        var api = await HttpApi.SharedAsync();
        var (_, body, _) = await api.SendAsync("GET", $"/v0/plain-samples/{name}/events");
        Assert.That((int?)body!["items"]![0]!["count"], Is.EqualTo(2));
    }

    private static string Name() => $"t-{Guid.CreateVersion7():N}"[..32];
}

public sealed class InProcessTransportTests : TransportTests
{
    private AsyncServiceScope _scope;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _scope = (await HttpApi.SharedAsync()).Services.CreateAsyncScope();
        _scope.ServiceProvider.GetRequiredService<CallerContext>().Caller = Caller;
        Resources = _scope.ServiceProvider.GetRequiredService<IResources>();
        Passes = _scope.ServiceProvider.GetRequiredService<IPasses>();
    }

    [OneTimeTearDown]
    public ValueTask StopAsync() => _scope.DisposeAsync();
}

public sealed class HttpTransportTests : TransportTests
{
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _client = await (await HttpApi.SharedAsync()).ClientAsync(Caller);
        var api = new ApiClient(_client);
        Resources = new HttpResources(api);
        Passes = new HttpPasses(api);
    }

    [OneTimeTearDown]
    public void Stop() => _client.Dispose();
}
