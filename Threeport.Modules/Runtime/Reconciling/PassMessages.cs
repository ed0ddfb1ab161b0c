using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>Body of <c>POST /v0/passes/{plural}/{id}/begin</c>, answered by a <see cref="BegunPass{T}"/>, or 204 when there is nothing to do.</summary>
/// <param name="Owner">The pass (<see cref="Node.OwnerOf"/>).</param>
public sealed record BeginPassRequest(string Owner);

/// <summary>Body of <c>POST …/renew</c>.</summary>
/// <param name="Epoch">The fence.</param>
public sealed record RenewPassRequest(long Epoch);

/// <summary>Answer of <c>POST …/renew</c>.</summary>
/// <param name="Held">False when the lease is no longer ours.</param>
public sealed record RenewPassAnswer(bool Held);

/// <summary>Body of <c>POST …/checkpoint</c>, answered by 204, or 409 of type <c>pass-lost</c>.</summary>
/// <param name="Epoch">The fence.</param>
/// <param name="Resource">Its status counts.</param>
public sealed record CheckpointPassRequest<T>(long Epoch, T Resource)
    where T : Resource, IKind;

/// <summary>Body of <c>POST …/end</c>, answered by 204, or 409 of type <c>pass-lost</c>.</summary>
/// <param name="Epoch">The fence.</param>
/// <param name="Resource">Its status counts.</param>
/// <param name="Outcome">What the pass concluded.</param>
public sealed record EndPassRequest<T>(long Epoch, T Resource, PassOutcome Outcome)
    where T : Resource, IKind;
