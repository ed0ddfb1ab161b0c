using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Access;
using Threeport.Server.Reading;
using Threeport.Server.Storage;
using Threeport.Server.Writing;

namespace Threeport.Server.Resources;

/// <summary>Everything about a write that can be done before its transaction: parse, complete, validate.</summary>
internal sealed class Preparation(IServiceScopeFactory scopes, KindStores stores, IResourceReader reader)
{
    public async Task<PreparedWrite> PrepareAsync(
        Caller caller,
        WriteRequest request,
        string prefix,
        CancellationToken cancellationToken
    )
    {
        Rights.Require(caller, request.Verb is WriteVerb.Delete ? AccessVerb.Delete : AccessVerb.Write, request.Kind);
        var store = stores[request.Kind];
        if (request.Verb is WriteVerb.Delete)
        {
            return new(request, store, null, null, prefix);
        }

        Labels.RequireName(request.Name, $"{prefix}/name");
        var body = request.Body ?? [];
        await using var scope = scopes.CreateAsyncScope();
        var completion = (Completion)request.Kind.Accept(new CompletionMaker(scope.ServiceProvider))!;
        var current = NeedsCurrent(request, body, completion)
            ? await reader.FindAsync(request.Kind, request.Name, cancellationToken)
            : null;
        var proposed = Propose(request, body, current, prefix);
        Rights.RequireOwn(caller, request.Kind, proposed);
        // What admission and validation ask other kinds is asked in the name of the control plane: a client need not be
        // allowed to read what its resource is completed with.
        scope.ServiceProvider.GetRequiredService<CallerContext>().Caller = Caller.System;
        await AdmitAsync(completion, proposed, current, prefix, cancellationToken);
        await completion.ValidateAsync(proposed, prefix, cancellationToken);
        var basis = request.Verb is WriteVerb.Patch || HasRedacted(body["spec"]) ? current : null;
        return new(request, store, proposed, basis is null ? null : ClientWrite.Basis(basis), prefix);
    }

    /// <summary>An admission knows its own resource only; which of many it is, is said here.</summary>
    private static async Task AdmitAsync(
        Completion completion,
        Resource proposed,
        Resource? current,
        string prefix,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await completion.AdmitAsync(proposed, current, cancellationToken);
        }
        catch (ProblemException e) when (e.Problem.Errors is { } errors)
        {
            throw new ProblemException(
                e.Problem with
                {
                    Errors = [.. errors.Select(error => error with { Pointer = prefix + error.Pointer })],
                }
            );
        }
    }

    private static bool NeedsCurrent(WriteRequest request, JsonObject body, Completion completion) =>
        request.Verb is WriteVerb.Patch
        || (request.Verb is WriteVerb.Put && (completion.HasAdmission || HasRedacted(body["spec"])));

    private static Resource Propose(WriteRequest request, JsonObject body, Resource? current, string prefix)
    {
        var (labels, spec) = (body["labels"], body["spec"]);
        if (request.Verb is WriteVerb.Patch)
        {
            var basis = current is null
                ? throw Refusals.NotFound(request.Kind, request.Name)
                : ClientWrite.Basis(current);
            labels = body.ContainsKey("labels") ? MergePatch.Apply(basis["labels"], labels) : basis["labels"];
            spec = body.ContainsKey("spec") ? MergePatch.Apply(basis["spec"], spec) : basis["spec"];
        }

        if (spec is not (null or JsonObject))
        {
            throw new ProblemException(Problems.Validation(new ProblemError($"{prefix}/spec", "Must be an object.")));
        }

        var proposed = SpecReader.Read(request.Kind, request.Name, labels, spec, prefix);
        KeepSensitive(request.Kind, proposed, current, prefix);
        return proposed;
    }

    /// <summary>What was read redacted and comes back redacted stays as it is.</summary>
    private static void KeepSensitive(KindDescriptor kind, Resource proposed, Resource? current, string prefix)
    {
        foreach (var property in SpecProperties.Sensitive(kind))
        {
            if (Equals(SpecProperties.Get(proposed, property), SensitiveAttribute.Redacted))
            {
                var stored = current is null ? null : SpecProperties.Get(current, property);
                property.SetValue(
                    SpecProperties.Spec(proposed),
                    stored
                        ?? throw new ProblemException(
                            Problems.Validation(
                                new ProblemError(
                                    prefix + SpecProperties.Pointer(property),
                                    $"\"{SensitiveAttribute.Redacted}\" keeps the stored value, and none is stored. Give the value itself."
                                )
                            )
                        )
                );
            }
        }
    }

    private static bool HasRedacted(JsonNode? spec) =>
        spec is JsonObject fields
        && fields.Any(static f =>
            f.Value?.GetValueKind() is JsonValueKind.String && (string?)f.Value == SensitiveAttribute.Redacted
        );

    private sealed class CompletionMaker(IServiceProvider services) : IKindVisitor
    {
        public object Visit<T>()
            where T : Resource, IKind => new Completion<T>(services);
    }

    private abstract class Completion
    {
        public abstract bool HasAdmission { get; }

        public abstract ValueTask AdmitAsync(Resource resource, Resource? current, CancellationToken cancellationToken);

        public abstract Task ValidateAsync(Resource resource, string prefix, CancellationToken cancellationToken);
    }

    private sealed class Completion<T>(IServiceProvider services) : Completion
        where T : Resource, IKind
    {
        private readonly IReadOnlyList<IAdmission<T>> _admissions = [.. services.GetServices<IAdmission<T>>()];

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
            foreach (var validator in services.GetServices<IValidator<T>>())
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
}
