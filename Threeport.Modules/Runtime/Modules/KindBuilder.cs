using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>What a scan of the module's assembly cannot know of a kind.</summary>
public sealed class KindBuilder<T>
    where T : Resource, IKind
{
    private readonly KindDescriptor _kind;
    private readonly IServiceCollection _services;

    internal KindBuilder(KindDescriptor kind, IServiceCollection services)
    {
        _kind = kind;
        _services = services;
    }

    /// <summary>
    /// Reconciles the resources that name another one in this field whenever that one changes, or goes:
    /// <c>.Watches&lt;WorkloadDefinition&gt;(x => x.Spec.WorkloadDefinition)</c>.
    /// </summary>
    public KindBuilder<T> Watches<TOther>(Expression<Func<T, object?>> field)
        where TOther : Resource, IKind
    {
        _kind.Watches.Add(new Watch<T, TOther>(field));
        return this;
    }

    /// <summary>At most one resource of the kind may have this flag; the second is refused with 409.</summary>
    public KindBuilder<T> AtMostOne(Expression<Func<T, object?>> flag)
    {
        _kind.ExclusiveFlags.Add(FieldPath.Of(flag));
        return this;
    }

    /// <summary>Says what a field is where that depends on the modules that are there.</summary>
    public KindBuilder<T> Describes(Expression<Func<T, object?>> field, string summary)
    {
        _kind.Summaries[FieldPath.Of(field)] = summary;
        return this;
    }

    /// <summary>For a kind that a machine rewrites often: no history rows, and only a change that stays is stored.</summary>
    public KindBuilder<T> WithoutHistory()
    {
        _kind.KeepsHistory = false;
        return this;
    }

    /// <summary>Those with the role <c>developer</c> may make, change and delete them.</summary>
    public KindBuilder<T> ForDevelopers()
    {
        _kind.IsForDevelopers = true;
        return this;
    }

    internal KindBuilder<T> ScanFor(Assembly assembly)
    {
        var types = assembly.GetTypes().Where(static t => t is { IsAbstract: false, IsGenericTypeDefinition: false });
        foreach (var type in types)
        {
            if (type.IsAssignableTo(typeof(IReconciler<T>)))
            {
                _services.AddScoped(typeof(IReconciler<T>), type);
                _kind.IsReconciled = true;
            }
            else if (type.IsAssignableTo(typeof(IExternalClient<T>)))
            {
                _services.AddScoped(typeof(IExternalClient<T>), type);
                _services.AddScoped<IReconciler<T>, ExternalReconciler<T>>();
                _kind.IsReconciled = true;
            }
        }

        return this;
    }
}
