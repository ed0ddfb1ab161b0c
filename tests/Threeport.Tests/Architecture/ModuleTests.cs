using System.Reflection;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Tests.Architecture;

/// <summary>The rules that a module keeps, over the assemblies that are there, not over a list that someone keeps.</summary>
public sealed class ModuleTests
{
    private static readonly string[] Infrastructure =
    [
        "Marten",
        "NATS.",
        "Npgsql",
        "FastEndpoints",
        "Microsoft.AspNetCore.Hosting",
        "Threeport.Server",
    ];

    private static IEnumerable<Assembly> Modules =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, "Threeport.Modules.*.dll").Select(Assembly.LoadFrom);

    [Test]
    public void There_are_modules_to_check() => Assert.That(Modules.Count(), Is.GreaterThanOrEqualTo(2));

    [Test]
    public void The_host_runs_every_module() =>
        Assert.That(
            Host.Modules.All.Select(static m => m.GetType().Assembly.GetName().Name),
            Is.EquivalentTo(Modules.Select(static a => a.GetName().Name))
        );

    [TestCaseSource(nameof(Modules))]
    public void A_module_shows_only_its_entry_point_and_its_kinds(Assembly module) =>
        Assert.That(module.ExportedTypes.Where(static t => !IsContract(t)), Is.Empty);

    /// <summary>Redaction, the history and the rotation of keys look for them there and nowhere deeper.</summary>
    [TestCaseSource(nameof(Modules))]
    public void What_is_sensitive_stands_at_the_top_of_a_spec_or_status(Assembly module)
    {
        var tops = module
            .ExportedTypes.Where(static t => t.IsAssignableTo(typeof(IKind)))
            .SelectMany(static k => k.BaseType!.GetGenericArguments())
            .ToHashSet();
        Assert.That(
            module
                .GetTypes()
                .Where(t => !tops.Contains(t))
                .Where(static t => t.GetProperties().Any(static p => p.IsDefined(typeof(SensitiveAttribute)))),
            Is.Empty
        );
    }

    [TestCaseSource(nameof(Modules))]
    public void A_module_reaches_the_database_and_the_broker_through_the_API_layer_only(Assembly module) =>
        Assert.That(
            module
                .GetReferencedAssemblies()
                .Select(static a => a.Name!)
                .Where(static name => Infrastructure.Any(i => name.StartsWith(i, StringComparison.Ordinal))),
            Is.Empty
        );

    [TestCaseSource(nameof(Modules))]
    public void Modules_depend_on_each_other_without_cycles(Assembly module) =>
        Assert.That(Reachable(module).Select(static a => a.GetName().Name), Has.No.Member(module.GetName().Name));

    [TestCaseSource(nameof(Modules))]
    public void Every_kind_and_every_field_of_it_says_what_it_is(Assembly module)
    {
        var kinds = module.ExportedTypes.Where(static t => t.IsAssignableTo(typeof(IKind)));
        var silent = kinds.SelectMany(static kind =>
            kind.BaseType!.GetGenericArguments()
                .SelectMany(static part => part.GetProperties())
                .Cast<MemberInfo>()
                .Append(kind)
                .Where(static member => member.GetCustomAttribute<SummaryAttribute>() is null)
        );
        Assert.That(silent.Select(static m => $"{m.DeclaringType?.Name}.{m.Name}"), Is.Empty);
    }

    [TestCaseSource(nameof(Modules))]
    public void Reconcilers_validators_and_clients_are_sealed_and_internal(Assembly module) =>
        Assert.That(
            module
                .GetTypes()
                .Where(static t => t is { IsClass: true, IsAbstract: false } && t.GetInterfaces().Any(IsSeam))
                .Where(static t => !t.IsSealed || t.IsVisible),
            Is.Empty
        );

    [Test]
    public void The_vocabulary_depends_on_nothing() =>
        Assert.That(
            typeof(Resource).Assembly.GetReferencedAssemblies().Select(static a => a.Name),
            Is.All.StartsWith("System")
        );

    [Test]
    public void What_modules_are_written_against_knows_no_database() =>
        Assert.That(
            typeof(IModule).Assembly.GetReferencedAssemblies().Select(static a => a.Name),
            Has.None.StartsWith("Marten").And.None.StartsWith("Npgsql").And.None.StartsWith("Threeport.Server")
        );

    [Test]
    public void The_rules_can_fail()
    {
        Assert.That(IsContract(typeof(ModuleTests)), Is.False);
        Assert.That(IsContract(typeof(IReconciler<>)), Is.False);
        Assert.That(Infrastructure.Any(static i => "Marten".StartsWith(i, StringComparison.Ordinal)), Is.True);
        Assert.That(
            typeof(IModule).Assembly.GetReferencedAssemblies().Select(static a => a.Name),
            Has.Some.EqualTo("Scrutor")
        );
    }

    private static bool IsSeam(Type type) =>
        type.IsGenericType
        && (
            type.GetGenericTypeDefinition() == typeof(IReconciler<>)
            || type.GetGenericTypeDefinition() == typeof(IExternalClient<>)
            || type.GetGenericTypeDefinition() == typeof(FluentValidation.IValidator<>)
        );

    private static bool IsContract(Type type) =>
        type.IsAssignableTo(typeof(IModule))
        || type.IsAssignableTo(typeof(Resource))
        || PartsOfKinds(type.Assembly).Contains(type);

    private static HashSet<Type> PartsOfKinds(Assembly assembly)
    {
        var parts = new HashSet<Type>();
        foreach (var kind in assembly.ExportedTypes.Where(static t => t.IsAssignableTo(typeof(Resource))))
        {
            Add(kind);
        }

        return parts;

        void Add(Type type)
        {
            var closed = type.IsGenericType ? type.GetGenericArguments() : [type];
            foreach (var part in closed.Where(t => t.Assembly == assembly && parts.Add(t)))
            {
                foreach (var property in part.GetProperties())
                {
                    Add(property.PropertyType);
                }
            }
        }
    }

    private static IEnumerable<Assembly> Reachable(Assembly from) =>
        from.GetReferencedAssemblies()
            .Where(static a => a.Name!.StartsWith("Threeport.Modules.", StringComparison.Ordinal))
            .Select(Assembly.Load)
            .SelectMany(static a => Reachable(a).Prepend(a));
}
