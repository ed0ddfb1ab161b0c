using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Access;
using Threeport.Server.Access.RoleBindings;
using Threeport.Server.Access.Roles;
using Threeport.Server.Reading;
using Threeport.Server.Storage;
using Threeport.Server.Writing;

namespace Threeport.Server.Resources;

/// <summary>Everything about a write that can be done before its transaction: parse, complete, validate.</summary>
internal sealed class Preparation(IServiceScopeFactory scopes, KindStores stores, IResourceReader reader, Rights rights)
{
    /// <param name="caller">Who asks.</param>
    /// <param name="requests">The writes.</param>
    /// <param name="order">Their indices, in the order to store them in.</param>
    /// <param name="many">Whether errors say which of the resources they are of.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <returns>In that order.</returns>
    /// <exception cref="ProblemException">With what is wrong in all of them.</exception>
    public async Task<IReadOnlyList<PreparedWrite>> PrepareAsync(
        Caller caller,
        IReadOnlyList<WriteRequest> requests,
        IReadOnlyList<int> order,
        bool many,
        CancellationToken cancellationToken
    )
    {
        foreach (var request in requests)
        {
            rights.RequireWrite(caller, request.Verb, request.Kind);
        }

        await using var scope = scopes.CreateAsyncScope();
        // What admission and validation ask other kinds is asked in the name of the control plane: a client need not be
        // allowed to read what its resource is completed with.
        scope.ServiceProvider.GetRequiredService<CallerContext>().Caller = Caller.System;
        var completions = requests
            .Select(static r => r.Kind)
            .Distinct()
            .ToDictionary(static k => k, k => Completion.Of(k, scope.ServiceProvider));
        var currents = await CurrentsAsync(requests, completions, cancellationToken);
        var prepared = new List<PreparedWrite>(requests.Count);
        var errors = new List<ProblemError>();
        foreach (var i in order)
        {
            var (request, prefix) = (requests[i], many ? $"/resources/{i}" : "");
            var current = currents.GetValueOrDefault((request.Kind, request.Name));
            try
            {
                var completion = completions[request.Kind];
                prepared.Add(await PrepareAsync(caller, request, current, completion, prefix, cancellationToken));
            }
            catch (ProblemException e) when (many && e.Problem.Errors is { } found)
            {
                errors.AddRange(found);
            }
        }

        return errors.Count == 0 ? prepared : throw new ProblemException(Problems.Validation(errors));
    }

    /// <summary>A role, or a binding to one, gives nobody more than who writes it has.</summary>
    private void RequireMayGrant(Caller caller, Resource proposed)
    {
        if (proposed is Role role)
        {
            rights.RequireAll(caller, new RoleRules(role.Spec.Rules));
        }
        else if (proposed is RoleBinding binding)
        {
            rights.RequireAll(caller, binding.Spec.Role);
        }
    }

    private async Task<PreparedWrite> PrepareAsync(
        Caller caller,
        WriteRequest request,
        Resource? current,
        Completion completion,
        string prefix,
        CancellationToken cancellationToken
    )
    {
        var store = stores[request.Kind];
        if (request.Verb is WriteVerb.Delete)
        {
            return new(request, store, null, null, prefix);
        }

        Labels.RequireName(request.Name, $"{prefix}/name");
        var body = request.Body ?? [];
        var proposed = Propose(request, body, current, prefix);
        AgentScope.Require(caller, request.Kind, proposed);
        RequireMayGrant(caller, proposed);
        await AdmitAsync(completion, proposed, current, prefix, cancellationToken);
        await completion.ValidateAsync(proposed, prefix, cancellationToken);
        var basis = request.Verb is WriteVerb.Patch || HasRedacted(body["spec"]) ? current : null;
        return new(request, store, proposed, basis is null ? null : ClientWrite.Basis(basis), prefix);
    }

    /// <summary>What is stored of those that are made from it; one question a kind.</summary>
    private async Task<Dictionary<(KindDescriptor, string), Resource>> CurrentsAsync(
        IReadOnlyList<WriteRequest> requests,
        Dictionary<KindDescriptor, Completion> completions,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<(KindDescriptor, string), Resource>();
        var needed = requests.Where(r => Labels.IsName(r.Name) && NeedsCurrent(r, completions[r.Kind]));
        foreach (var kind in needed.GroupBy(static r => r.Kind, static r => r.Name))
        {
            foreach (var resource in await reader.FindManyAsync(kind.Key, [.. kind], cancellationToken))
            {
                found[(kind.Key, resource.Name)] = resource;
            }
        }

        return found;
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

    private static bool NeedsCurrent(WriteRequest request, Completion completion) =>
        request.Verb is WriteVerb.Patch
        || (request.Verb is WriteVerb.Put && (completion.HasAdmission || HasRedacted(request.Body?["spec"])));

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
}
