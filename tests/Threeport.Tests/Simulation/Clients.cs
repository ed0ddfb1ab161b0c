using System.Text.Json.Nodes;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Resources;

namespace Threeport.Tests.Simulation;

/// <summary>What a client was told about a write.</summary>
internal enum Told
{
    /// <summary>It still waits.</summary>
    Nothing,

    /// <summary>It is stored.</summary>
    Done,

    /// <summary>It was so already.</summary>
    Unchanged,

    /// <summary>It is not stored, and never will be.</summary>
    Refused,

    /// <summary>503 or a connection that broke: it may be stored.</summary>
    Unknown,
}

/// <summary>A write of a client. Each writes a value that no other does, so that it is known from whom a value came.</summary>
internal sealed record ClientWriteLog(string Kind, string Name, WriteVerb Verb, int Value)
{
    public TimeSpan From { get; set; }

    public TimeSpan To { get; set; } = TimeSpan.MaxValue;

    public Told Told { get; set; }

    public int Status { get; set; }

    /// <summary>Refused only because it met others too often; that is said, and is true whatever the name is.</summary>
    public bool IsContended { get; set; }

    public override string ToString() => $"{Verb} {Kind}/{Name} {Value}: {Told} {Status} [{From}, {To}]";
}

/// <summary>Users who create, change and delete a few resources at the same time, and remember what they were answered.</summary>
internal sealed class Clients(World world)
{
    private const int Writes = 14;
    private static readonly Caller User = new("user", "admin");
    private static readonly TimeSpan Until = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Machines = ["m1", "m2", "m3"];
    private static readonly string[] Parts = ["p1", "p2"];
    private readonly SimProcess _process = new(world.Scheduler, "client") { IsMortal = false };
    private readonly List<ClientWriteLog> _writes = [];

    public bool AreDone => _writes.TrueForAll(static w => w.Told is not Told.Nothing);

    public void Start()
    {
        var scheduler = world.Scheduler;
        for (var value = 1; value <= Writes; value++)
        {
            var isPart = scheduler.Chance(0.25);
            var verb = Verb(scheduler.Random.Next(10));
            var write = new ClientWriteLog(
                isPart ? Part.Plural : Machine.Plural,
                scheduler.Pick(isPart ? Parts : Machines),
                // The first are creations, so that there is something to change.
                value <= 4
                && verb is not WriteVerb.Put
                    ? WriteVerb.Create
                    : verb,
                value
            );
            var part = scheduler.Chance(0.5) ? scheduler.Pick(Parts) : null;
            _writes.Add(write);
            scheduler.After(
                scheduler.Between(TimeSpan.Zero, Until * value / Writes),
                () => _process.Start(() => WriteAsync(write, part))
            );
        }
    }

    /// <summary>Compares what clients were told with what was committed.</summary>
    public string? Wrong() => _writes.Select(Wrong).FirstOrDefault(static w => w is not null);

    private static WriteVerb Verb(int chance) =>
        chance switch
        {
            < 3 => WriteVerb.Create,
            < 6 => WriteVerb.Put,
            < 8 => WriteVerb.Patch,
            _ => WriteVerb.Delete,
        };

    private async Task WriteAsync(ClientWriteLog write, string? part)
    {
        write.From = world.Scheduler.Now;
        using var patience = new CancellationTokenSource(Patience, _process.Time);
        try
        {
            var result = await world.CallApiAsync(
                _process,
                $"{write.Verb} {write.Name}",
                api => StoreAsync(api.Api!, write, part),
                patience.Token
            );
            write.Told = result.Action is WriteAction.Unchanged ? Told.Unchanged : Told.Done;
        }
        catch (ProblemException e)
        {
            write.Status = e.Problem.Status;
            write.IsContended = e.Problem.Detail?.StartsWith("Others keep changing", StringComparison.Ordinal) is true;
            write.Told = e.Problem.Status == 503 ? Told.Unknown : Told.Refused;
        }
        catch (OperationCanceledException)
        {
            write.Told = Told.Unknown;
        }

        write.To = world.Scheduler.Now;
        world.Scheduler.Trace("client", $"{write.Told} {write.Status}", $"{write.Verb} {write.Name} {write.Value}");
        await new TaskCompletionSource().Task;
    }

    private static async Task<WriteResult> StoreAsync(ResourceApi api, ClientWriteLog write, string? part)
    {
        var isPart = write.Kind == Part.Plural;
        var spec = new JsonObject { ["value"] = write.Value };
        if (!isPart && part is not null && write.Verb is not WriteVerb.Patch)
        {
            spec["part"] = part;
        }

        var request = new WriteRequest(
            Kinds.Catalog[isPart ? typeof(Part) : typeof(Machine)],
            write.Verb,
            write.Name,
            write.Verb is WriteVerb.Delete ? null : new JsonObject { ["spec"] = spec }
        );
        return (await api.WriteAsync(User, [request], dryRun: false, CancellationToken.None))[0];
    }

    private string? Wrong(ClientWriteLog write)
    {
        var log = world.Invariants.Log.Where(c => c.Kind == write.Kind && c.Name == write.Name).ToList();
        return write.Verb is WriteVerb.Delete ? WrongDelete(write, log) : WrongPut(write, log);
    }

    private static string? WrongPut(ClientWriteLog write, List<Committed> log)
    {
        var stored = log.Count(c => c.Value == write.Value);
        return (write.Told, stored) switch
        {
            (Told.Done, 0) => $"Answered and lost: {write}",
            (Told.Refused or Told.Unchanged, > 0) => $"Refused and stored: {write}",
            (_, > 1) => $"Stored {stored} times: {write}",
            (Told.Refused, _) when write.Status is 409 or 404 && !IsTrue(write, log) =>
                $"Refused for no reason: {write}",
            _ => null,
        };
    }

    private static string? WrongDelete(ClientWriteLog write, List<Committed> log) =>
        write.Told is Told.Done && !log.Exists(c => c.Verb is "delete" or "remove" && c.At <= write.To)
            ? $"Answered and not deleted: {write}"
        : write is { Told: Told.Refused, Status: 404 } && !IsTrue(write, log) ? $"Refused for no reason: {write}"
        : null;

    /// <summary>Whether the name was taken (409), or free (404), at some moment while the client waited.</summary>
    private static bool IsTrue(ClientWriteLog write, List<Committed> log)
    {
        if (write.IsContended || write is { Status: 409, Verb: not WriteVerb.Create })
        {
            // Those that are no creations: it is in use, or on its way out.
            return true;
        }

        var there = log.LastOrDefault(c => c.At < write.From) is { Verb: not "remove" };
        var states = log.Where(c => c.At >= write.From && c.At <= write.To).Select(static c => c.Verb is not "remove");
        return states.Prepend(there).Contains(write.Status == 409);
    }
}
