using System.Runtime.InteropServices;
using Threeport.Benchmarks;
using Threeport.Benchmarks.Benchmarks;

// Ratios, not absolute numbers: both sides on one machine, in turn, A B A B, both durable.
var benchmarks = new Dictionary<string, Func<Bench, Task>>(StringComparer.Ordinal)
{
    ["creates"] = Creates.RunAsync,
    ["npgsql"] = BareNpgsql.RunAsync,
    ["reaction"] = Reaction.RunAsync,
    ["burst"] = Burst.RunAsync,
    ["workloads"] = Workloads.RunAsync,
    ["replicas"] = Replicas.RunAsync,
    ["broker"] = BrokerAway.RunAsync,
    ["failing"] = Failing.RunAsync,
    ["paging"] = Paging.RunAsync,
    ["footprint"] = Footprint.RunAsync,
    ["commands"] = Commands.RunAsync,
    ["starts"] = Starts.RunAsync,
};

Arguments arguments;
try
{
    arguments = Arguments.Parse(args, benchmarks.Keys);
    _ = (arguments.Pairs, arguments.Window);
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}

using var stop = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var report = new Report(TimeProvider.System);
var bench = new Bench(arguments, report, stop.Token);
await File.WriteAllTextAsync(
    Path.ChangeExtension(arguments["out"], null) + "-machine.json",
    (await Machine.DescribeAsync(arguments)).ToJsonString(new() { WriteIndented = true }),
    stop.Token
);
Report.Head();
foreach (var (name, run) in benchmarks)
{
    if (stop.IsCancellationRequested || (arguments.Names.Count > 0 && !arguments.Names.Contains(name)))
    {
        continue;
    }

    try
    {
        await run(bench);
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        report.Failed(name, "It was interrupted.");
    }
    catch (Exception exception)
        when (exception
                is HttpRequestException
                    or InvalidOperationException
                    or TimeoutException
                    or IOException
                    or OperationCanceledException
                    or Npgsql.NpgsqlException
        )
    {
        report.Failed(name, exception.Message);
    }
}

await report.WriteAsync(arguments["out"], CancellationToken.None);
return report.IsComplete ? 0 : 1;

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
