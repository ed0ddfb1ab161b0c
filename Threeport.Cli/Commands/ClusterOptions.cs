using System.CommandLine;
using Threeport.Cli.Clusters;
using Threeport.Cli.Clusters.Eks;
using Threeport.Installation;

namespace Threeport.Cli.Commands;

/// <summary>The options of <c>up</c> for a control plane in a cluster.</summary>
internal static class ClusterOptions
{
    /// <summary>Where nothing is pulled from: the images have to be on the nodes.</summary>
    public const string DefaultRegistry = "localhost/threeport";

    /// <summary>What the installed version consists of, each with controllers of its own.</summary>
    private static readonly string[] Modules = ["aws", "control-planes", "kubernetes-runtimes", "workloads"];

    private static readonly Option<string?> Kubeconfig = Text(
        "--kubeconfig",
        "FILE",
        "The cluster's kubeconfig; kubectl's when left out"
    );
    private static readonly Option<string?> Context = Text(
        "--context",
        "NAME",
        "The context in it; the current one when left out"
    );
    private static readonly Option<string?> Size = Text(
        "--size",
        "SIZE",
        "small (one of each, the default) or ha (any one may be lost)"
    );
    private static readonly Option<string?> Registry = Text(
        "--image-registry",
        "REFERENCE",
        "Where the images are: localhost/threeport"
    );
    private static readonly Option<string?> Tag = Text(
        "--image-tag",
        "TAG",
        "Their tag; qleetctl's own version when left out"
    );
    private static readonly Option<string?> Images = Text(
        "--images",
        "DIR",
        "With kind: archives of the images, as build/package makes them; ../images beside qleetctl when left out"
    );
    private static readonly Option<string?> StorageClass = Text(
        "--storage-class",
        "NAME",
        "Of the volumes; the cluster's default when left out"
    );
    private static readonly Option<string?> Storage = Text("--storage", "SIZE", "Of each volume of the database: 10Gi");
    private static readonly Option<string?> Expose = Text(
        "--expose",
        "HOW",
        "The API from outside: nodeport (the default), loadbalancer, clusterip"
    );
    private static readonly Option<int?> Port = new("--port")
    {
        Description = "The port of each node; a free one when left out",
        HelpName = "PORT",
    };
    private static readonly Option<string?> Endpoint = Text(
        "--endpoint",
        "URL",
        "Where the API is reached, if not where the cluster says"
    );
    private static readonly Option<string?> Database = Text(
        "--database",
        "STRING",
        "A PostgreSQL that you have, instead of one in the cluster"
    );
    private static readonly Option<string?> DatabaseOwner = Text(
        "--database-owner",
        "STRING",
        "The same as the owner of the tables"
    );
    private static readonly Option<string?> DatabaseCa = Text("--database-ca", "FILE", "Its CA, PEM");
    private static readonly Option<string?> Nats = Text(
        "--nats",
        "URL",
        "A NATS with JetStream that you have, instead of one in the cluster"
    );
    private static readonly Option<string?> NatsCa = Text("--nats-ca", "FILE", "Its CA, PEM");

    private static readonly Option<string?> AwsRegion = Text(
        "--aws-region",
        "REGION",
        "With eks: where; AWS_REGION when left out"
    );
    private static readonly Option<string?> AwsProfile = Text(
        "--aws-profile",
        "NAME",
        "With eks: a profile of your AWS configuration; as AWS's own tools when left out"
    );

    public static IReadOnlyList<Option> All =>
        [
            AwsRegion,
            AwsProfile,
            Kubeconfig,
            Context,
            Size,
            Registry,
            Tag,
            Images,
            StorageClass,
            Storage,
            Expose,
            Port,
            Endpoint,
            Database,
            DatabaseOwner,
            DatabaseCa,
            Nats,
            NatsCa,
        ];

    /// <summary>What was asked for; what was not said is as it was the last time.</summary>
    public static InstallationRecord Record(
        ParseResult result,
        string name,
        string provider,
        InstallationRecord? before
    )
    {
        RefuseOthers(result, provider);
        var eks = provider == EksProvider.Name ? Eks(result, before) : null;
        var plan = Plan(result, before?.Plan ?? First(name, eks)) with { Aws = eks?.Surroundings };
        var wrong = plan.Check().ToList();
        if (wrong.Count > 0)
        {
            throw new FailureException(string.Join('\n', wrong), ExitCode.Usage);
        }

        var record = new InstallationRecord
        {
            Provider = provider,
            Kubeconfig = KubeconfigOf(result, before),
            Context = ContextOf(result, before),
            ClusterId = before?.ClusterId,
            Images = provider == KindProvider.Name ? ImagesOf(result, before, plan) : null,
            Plan = plan,
            Eks = eks,
            Upgrade = before?.Upgrade,
            Previous = before?.Previous,
        };
        record.Done.AddRange(before?.Done ?? []);
        return record;
    }

    /// <summary>What nothing was said of yet.</summary>
    private static InstallationPlan First(string name, EksState? eks) =>
        new()
        {
            Name = name,
            Registry = DefaultRegistry,
            Tag = CommandTree.Version,
            Expose = eks is null ? InstallationPlan.NodePort : InstallationPlan.LoadBalancer,
        };

    private static EksState Eks(ParseResult result, InstallationRecord? before)
    {
        EksOptions.RequireRegistry(result.GetValue(Registry), before);
        return EksOptions.State(
            result.GetValue(AwsRegion),
            result.GetValue(AwsProfile),
            result.GetValue(UpCommand.Binary),
            before
        );
    }

    private static InstallationPlan Plan(ParseResult result, InstallationPlan was)
    {
        string Given(Option<string?> option, string last) => result.GetValue(option) ?? last;
        return was with
        {
            Size = Given(Size, was.Size),
            Registry = Given(Registry, was.Registry),
            Tag = Given(Tag, was.Tag),
            StorageClass = result.GetValue(StorageClass) ?? was.StorageClass,
            DatabaseStorage = Given(Storage, was.DatabaseStorage),
            Expose = Given(Expose, was.Expose),
            Port = result.GetValue(Port) ?? was.Port,
            Endpoint = Address(result.GetValue(Endpoint)) ?? was.Endpoint,
            HasOwnDatabase = was.HasOwnDatabase || result.GetValue(Database) is not null,
            HasOwnBroker = was.HasOwnBroker || result.GetValue(Nats) is not null,
        };
    }

    /// <summary>What another provider than the chosen one would heed is not passed over in silence.</summary>
    /// <exception cref="FailureException">Something of it was said.</exception>
    public static void RefuseOthers(ParseResult result, string provider)
    {
        IReadOnlyList<Option> others = provider switch
        {
            "local" => All,
            KindProvider.Name => [Kubeconfig, Context, AwsRegion, AwsProfile],
            EksProvider.Name => [Kubeconfig, Context, Images],
            _ => [Images, AwsRegion, AwsProfile],
        };
        if (others.FirstOrDefault(o => result.GetResult(o) is { Implicit: false }) is { } one)
        {
            throw new FailureException($"{one.Name} means nothing with --provider {provider}.", ExitCode.Usage);
        }
    }

    /// <summary>Archives that were named, or that lie where build/package puts them while no registry is named.</summary>
    private static string? ImagesOf(ParseResult result, InstallationRecord? before, InstallationPlan plan)
    {
        if (result.GetValue(Images) is { } given)
        {
            return Path.GetFullPath(given);
        }

        var usual = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "images"));
        return before?.Images ?? (plan.Registry == DefaultRegistry && Directory.Exists(usual) ? usual : null);
    }

    private static string? KubeconfigOf(ParseResult result, InstallationRecord? before) =>
        result.GetValue(Kubeconfig) is { } given ? Path.GetFullPath(given) : before?.Kubeconfig;

    private static string? ContextOf(ParseResult result, InstallationRecord? before) =>
        result.GetValue(Context) ?? before?.Context;

    /// <summary>What an installation has already, which need not be named again.</summary>
    public static OwnServers Existing => new() { Modules = Modules };

    public static OwnServers Own(ParseResult result) =>
        new()
        {
            Modules = Modules,
            Database = result.GetValue(Database),
            DatabaseOwner = result.GetValue(DatabaseOwner),
            DatabaseCa = File(result.GetValue(DatabaseCa)),
            Nats = result.GetValue(Nats),
            NatsCa = File(result.GetValue(NatsCa)),
        };

    private static string? File(string? path) =>
        path is null ? null
        : System.IO.File.Exists(path) ? System.IO.File.ReadAllText(path)
        : throw new FailureException($"{path}: there is no such file.", ExitCode.Usage);

    private static Uri? Address(string? text) =>
        text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var url) ? url
        : throw new FailureException(
            $"--endpoint \"{text}\": as in https://threeport.example.com:8443",
            ExitCode.Usage
        );

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value };
}
