using Threeport.Benchmarks;

// Ratios, not absolute numbers: both sides on one machine, in turn, A B A B.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

Arguments arguments;
try
{
    arguments = Arguments.Parse(args);
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}

using var ours = new Side("threeport", arguments["ours"], arguments["ours-ca"], arguments["ours-token"]);

// Without controllers: what it would do about a burst of creates is not part of creating, on neither side.
using var api = new Side("threeport", arguments["ours-api"], arguments["ours-api-ca"], arguments["ours-api-token"]);
using var theirs = new Side(
    "kube-apiserver",
    arguments["kubernetes"],
    arguments["kubernetes-ca"],
    arguments["kubernetes-token"]
);
var report = new Report();
Report.Head();
foreach (var callers in (int[])[64, 1])
{
    await report.MeasureAsync(
        $"creates over TLS, {callers} connection{(callers == 1 ? "" : "s")}",
        "1/s",
        arguments.Pairs,
        async () => (await CreateAsync(api, callers, Documents.Definitions, Documents.Definition)).PerSecond,
        async () => (await CreateAsync(theirs, callers, Documents.CustomResources, Documents.CustomResource)).PerSecond
    );
}

await report.MeasureAsync(
    "write until reconciled, median of 40",
    "ms",
    arguments.Pairs,
    async () =>
        Middle(
            await Reaction.MeasureAsync(
                ours,
                "/v0/watch?kinds=workload-definitions",
                (name, token) => ours.PostAsync(Documents.Definitions, Documents.Definition(name), token),
                static (name, line) =>
                    line.Contains($"\"{name}\"", StringComparison.Ordinal)
                    && line.Contains("\"observedGeneration\":1", StringComparison.Ordinal),
                40,
                stop.Token
            )
        ),
    async () =>
        Middle(
            await Reaction.MeasureAsync(
                theirs,
                "/api/v1/namespaces/default/pods?watch=1",
                (name, token) => theirs.PostAsync(Documents.Deployments, Documents.Deployment(name), token),
                static (name, line) => line.Contains($"\"app\":\"{name}\"", StringComparison.Ordinal),
                40,
                stop.Token
            )
        )
);

var shown = Documents.Name();
await ours.PostAsync(Documents.Definitions, Documents.Definition(shown), stop.Token);
await theirs.PostAsync(Documents.CustomResources, Documents.CustomResource(shown), stop.Token);
await report.MeasureAsync(
    "get one, command line",
    "ms",
    arguments.Pairs,
    () => Command.MeasureAsync(arguments["qleetctl"], ["get", "workload-definition", shown], stop.Token),
    () =>
        Command.MeasureAsync(
            arguments["kubectl"],
            ["--kubeconfig", arguments["kubeconfig"], "get", "definitions.benchmark.threeport.io", shown],
            stop.Token
        )
);
await report.WriteAsync(arguments["out"]);
return report.IsComplete ? 0 : 1;

Task<Window> CreateAsync(Side side, int callers, string path, Func<string, string> document) =>
    Load.RunAsync(
        callers,
        arguments.Window,
        token => side.PostAsync(path, document(Documents.Name()), token),
        stop.Token
    );

static double Middle(IReadOnlyList<double> sorted) => Load.Percentile(sorted, 0.5);
