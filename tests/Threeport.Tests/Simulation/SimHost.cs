using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Access;
using Threeport.Server.Outbox;
using Threeport.Server.Passes;
using Threeport.Server.Resources;
using Threeport.Server.Writing;

namespace Threeport.Tests.Simulation;

/// <summary>A machine on which a process of ours runs, dies and is started again.</summary>
internal sealed class SimHost(World world, string name, bool api, bool controllers)
{
    private static readonly ControllerOptions Options = new(new ConfigurationBuilder().Build());

    public string Name => name;

    /// <summary>Whether it serves the API.</summary>
    public bool IsApi => api;

    public SimProcess Process { get; private set; } = null!;

    /// <summary>Null unless it serves the API.</summary>
    public ResourceApi? Api { get; private set; }

    public Rights? Rights { get; private set; }

    public IPasses Passes { get; private set; } = null!;

    public void Start()
    {
        world.Scheduler.Trace(name, "starts");
        var process = Process = new(world.Scheduler, name);
        process.Died += () =>
            world.Scheduler.After(world.Scheduler.Between(TimeSpan.Zero, TimeSpan.FromSeconds(3)), Start);
        var broker = new BrokerClient(process, world);
        var random = new Random(world.Scheduler.Random.Next());
        var node = new Node(name);
        if (api)
        {
            StartApi(process, broker, random, node);
        }
        else
        {
            Passes = new RemotePasses(process, world);
        }

        if (controllers)
        {
            StartControllers(process, broker, random, node);
        }
    }

    /// <summary>Answers a request, unless it dies of it.</summary>
    public void Serve<T>(Network.Reply<T> reply, Func<SimHost, Task<T>> request)
    {
        if (!Process.IsAlive)
        {
            reply.Break();
            return;
        }

        Process.Died += reply.Break;
        Process.Run(() => _ = ServeAsync(reply, request));
    }

    private async Task ServeAsync<T>(Network.Reply<T> reply, Func<SimHost, Task<T>> request)
    {
        try
        {
            reply.Answer(await request(this));
        }
        catch (Exception e) when (e is ProblemException or PassLostException)
        {
            reply.Fail(e);
        }
        catch (Exception e) when (Threeport.Server.Storage.Database.IsAway(e))
        {
            reply.Break();
        }
        catch (Exception e)
        {
            world.Invariants.Violate($"An answer of 500: {e.Message}");
        }
    }

    private void StartApi(SimProcess process, BrokerClient broker, Random random, Node node)
    {
        var (time, stores) = (process.Time, world.Database.Stores);
        var tables = new SimTables(process, world);
        var writes = new SimWrites(process, world.Network, world.Database, world.Scheduler)
        {
            Conflict = world.Faults.Conflict,
        };
        world.WhenCalm(() => writes.Conflict = 0);
        var relay = new Relay(tables, broker, Kinds.Catalog, node, time, random, NullLogger<Relay>.Instance);
        var writer = new Writer(writes, relay, time, NullLogger<Writer>.Instance);
        // Nobody has a certificate here, and nobody is given a role.
        var certificates = new ClientCertificates(database: null!, time);
        var policy = new AccessPolicy(Kinds.Catalog, tables, certificates, time, NullLogger<AccessPolicy>.Instance);
        Rights = new(Kinds.Catalog, policy);
        Api = new(new(Kinds.Scopes, stores, tables, Rights), writer, tables, stores, Rights, policy, time);
        Passes = new InProcessPasses(tables, stores, writer, time);
        process.Start(() => writer.RunAsync(CancellationToken.None));
        process.Start(() => relay.RunAsync(CancellationToken.None));
    }

    private void StartControllers(SimProcess process, BrokerClient broker, Random random, Node node)
    {
        var cloud = new CloudClient(process, world);
        var scopes = new Scopes(resources =>
            new()
            {
                [typeof(IPasses)] = Passes,
                [typeof(IResources)] = resources,
                [typeof(IReconciler<Machine>)] = new MachineReconciler(resources, cloud, world.Dwelling),
                [typeof(Node)] = node,
                [typeof(ControllerOptions)] = Options,
                [typeof(TimeProvider)] = process.Time,
                [typeof(Random)] = random,
            }
        )
        {
            Resources = context =>
                api
                    ? new InProcessResources(Api!, Kinds.Catalog, Rights!, context)
                    : new RemoteResources(process, world),
        };
        var controller = new Controller<Machine>(
            scopes,
            broker,
            Kinds.Catalog,
            Options,
            process.Time,
            NullLogger<Controller<Machine>>.Instance
        );
        process.Start(() => controller.RunAsync(CancellationToken.None));
        foreach (var watch in Kinds.Catalog[typeof(Machine)].Watches)
        {
            var runner = new WatchRunner(
                watch,
                Caller.Controller("machines"),
                scopes,
                broker,
                broker,
                process.Time,
                NullLogger<WatchRunner>.Instance
            );
            process.Start(() => runner.RunAsync(CancellationToken.None));
        }
    }

    /// <summary>What a pass is injected with; a container would be built thousands of times.</summary>
    private sealed class Scopes(Func<IResources, Dictionary<Type, object>> services) : IServiceScopeFactory
    {
        public required Func<CallerContext, IResources> Resources { get; init; }

        public IServiceScope CreateScope()
        {
            var context = new CallerContext();
            var scope = services(Resources(context));
            scope[typeof(CallerContext)] = context;
            return new Scope(scope);
        }
    }

    private sealed class Scope(Dictionary<Type, object> services) : IServiceScope, IServiceProvider
    {
        public IServiceProvider ServiceProvider => this;

        public object? GetService(Type serviceType) => services.GetValueOrDefault(serviceType);

        public void Dispose() { }
    }
}
