using NATS.Client.Core;

namespace Threeport.Runtime;

/// <summary>A message as a handler sees it.</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="Headers">Null when it has none.</param>
/// <param name="Published">When the broker took it, by the broker's clock; null when that is not known.</param>
internal sealed record Message(string Subject, NatsHeaders? Headers, DateTimeOffset? Published);

/// <summary>What is to become of a message.</summary>
internal enum Handled
{
    /// <summary>It is over and done with.</summary>
    Done,

    /// <summary>Nobody will ever know what to do with it: it is thrown away.</summary>
    Poison,

    /// <summary>It is to be delivered again.</summary>
    Later,
}

/// <summary>What a consumer does with one message.</summary>
/// <param name="message">What was delivered.</param>
/// <param name="abort">Fires when the process can wait no longer for what is in flight.</param>
internal delegate Task<Handled> MessageHandler(Message message, CancellationToken abort);

/// <summary>A consumer that all replicas share: each message is handled by one of them, at least once.</summary>
internal interface IMessageConsumer
{
    /// <summary>Runs until it is stopped, whatever becomes of the broker.</summary>
    /// <param name="name">The same in all replicas.</param>
    /// <param name="filter">Which subjects.</param>
    /// <param name="workers">How many messages are handled at once.</param>
    /// <param name="handle">What is done with each.</param>
    /// <param name="stopping">No more messages are taken; those in flight are waited for, for a while.</param>
    Task RunAsync(string name, string filter, int workers, MessageHandler handle, CancellationToken stopping);
}
