namespace Threeport.Tests.Simulation;

/// <summary>
/// What breaks in a run. Of the sorts of faults each run has some: one that has all of them all the time hides what needs
/// quiet in between.
/// </summary>
internal sealed record Faults
{
    public NetworkFaults Network { get; init; } = NetworkFaults.None;

    /// <summary>Of commits, how many meet another.</summary>
    public double Conflict { get; init; }

    public double Repeats { get; init; }

    /// <summary>Of the messages to controllers, how many are confirmed and lost.</summary>
    public double Drops { get; init; }

    public double Dawdles { get; init; }

    /// <summary>Of passes, how many take their time.</summary>
    public double Dwells { get; init; }

    public int Crashes { get; init; }

    public int Stops { get; init; }

    public int ClockJumps { get; init; }

    public int DatabaseOutages { get; init; }

    public int BrokerOutages { get; init; }

    public static Faults ByChance(Scheduler scheduler)
    {
        return new()
        {
            Network = new()
            {
                Refused = Perhaps(0.03),
                AnswerLost = Perhaps(0.03),
                Silence = Perhaps(0.01),
                Slow = Perhaps(0.05),
                Deadly = Perhaps(0.01),
            },
            Conflict = Perhaps(0.1),
            Repeats = Perhaps(0.3),
            Drops = Perhaps(0.3),
            Dawdles = Perhaps(0.2),
            Dwells = Perhaps(0.5),
            Crashes = scheduler.Chance(0.5) ? scheduler.Random.Next(1, 5) : 0,
            Stops = scheduler.Chance(0.4) ? scheduler.Random.Next(1, 4) : 0,
            ClockJumps = scheduler.Chance(0.3) ? 2 : 0,
            DatabaseOutages = scheduler.Chance(0.3) ? 1 : 0,
            BrokerOutages = scheduler.Chance(0.3) ? 1 : 0,
        };

        double Perhaps(double most) => scheduler.Chance(0.4) ? most * scheduler.Random.NextDouble() : 0;
    }

    public void Start(World world)
    {
        world.Network.Faults = Network;
        (world.Broker.Repeats, world.Broker.Dawdles, world.Broker.Drops) = (Repeats, Dawdles, Drops);
        Plan(world, Crashes, () => Some(world).Process.Kill());
        Plan(world, Stops, () => Some(world).Process.Stop(Between(world, 1, 40)));
        Plan(world, ClockJumps, () => Some(world).Process.ClockError = Between(world, -3_600, 3_600));
        Plan(world, DatabaseOutages, () => TakeDown(world, world.Database.Down, world.Database.Up));
        Plan(
            world,
            BrokerOutages,
            () => TakeDown(world, () => world.Broker.Down(world.Scheduler.Chance(0.5)), world.Broker.Up)
        );
    }

    private static SimHost Some(World world) => world.Scheduler.Pick(world.Hosts);

    private static TimeSpan Between(World world, double least, double most) =>
        world.Scheduler.Between(TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most));

    private static void Plan(World world, int times, Action fault)
    {
        for (var i = 0; i < times; i++)
        {
            world.Scheduler.After(Between(world, 0, World.CalmAt.TotalSeconds), fault);
        }
    }

    private static void TakeDown(World world, Action down, Action up)
    {
        down();
        world.Scheduler.After(Between(world, 0.2, 8), up);
    }
}
