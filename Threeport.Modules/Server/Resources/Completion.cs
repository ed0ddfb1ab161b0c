using System.Text.Json;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Resources;

/// <summary>What a kind's modules have to say to a write of it: its admissions, then its validators. Of one scope.</summary>
internal abstract class Completion
{
    public abstract bool HasAdmission { get; }

    public abstract ValueTask AdmitAsync(Resource resource, Resource? current, CancellationToken cancellationToken);

    public abstract Task ValidateAsync(Resource resource, string prefix, CancellationToken cancellationToken);

    /// <summary>Of the services of a scope.</summary>
    public static Completion Of(KindDescriptor kind, IServiceProvider services) =>
        (Completion)kind.Accept(new Maker(services))!;

    private sealed class Maker(IServiceProvider services) : IKindVisitor
    {
        public object Visit<T>()
            where T : Resource, IKind => new Completion<T>(services);
    }
}

internal sealed class Completion<T>(IServiceProvider services) : Completion
    where T : Resource, IKind
{
    private readonly IReadOnlyList<IAdmission<T>> _admissions = [.. services.GetServices<IAdmission<T>>()];
    private readonly IReadOnlyList<IValidator<T>> _validators = [.. services.GetServices<IValidator<T>>()];

    public override bool HasAdmission => _admissions.Count > 0;

    public override async ValueTask AdmitAsync(
        Resource resource,
        Resource? current,
        CancellationToken cancellationToken
    )
    {
        foreach (var admission in _admissions)
        {
            await admission.AdmitAsync((T)resource, (T?)current, cancellationToken);
        }
    }

    public override async Task ValidateAsync(Resource resource, string prefix, CancellationToken cancellationToken)
    {
        var errors = new List<ProblemError>();
        foreach (var validator in _validators)
        {
            var result = await validator.ValidateAsync((T)resource, cancellationToken);
            errors.AddRange(
                result.Errors.Select(e => new ProblemError(prefix + Pointer(e.PropertyName), e.ErrorMessage))
            );
        }

        if (errors.Count > 0)
        {
            throw new ProblemException(Problems.Validation(errors));
        }
    }

    /// <summary>For <c>Spec.Ports[2].Name</c>: <c>/spec/ports/2/name</c>.</summary>
    private static string Pointer(string property) =>
        string.Concat(
            property
                .Split('.', '[', ']')
                .Where(static p => p.Length > 0)
                .Select(static p => "/" + JsonNamingPolicy.CamelCase.ConvertName(p))
        );
}
