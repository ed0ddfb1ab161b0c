using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Threeport.Runtime;

/// <summary>Tells the controller of a kind to look at a resource again.</summary>
internal interface IWakeups
{
    /// <summary>Returns once the broker has confirmed it.</summary>
    /// <exception cref="TimeoutException">It did not, within some seconds.</exception>
    Task WakeAsync(string plural, Guid id, CancellationToken cancellationToken);
}

/// <summary>By a message without a body, on the trace of what asked for it.</summary>
internal sealed class Wakeups(INatsJSContext jetStream, BrokerRequests requests) : IWakeups
{
    public async Task WakeAsync(string plural, Guid id, CancellationToken cancellationToken)
    {
        var headers = new NatsHeaders();
        Traces.Inject(headers);
        var answer = await requests.AskOnceAsync(
            async token =>
                await jetStream.PublishAsync<byte[]>(
                    Subjects.Wake(plural, id),
                    [],
                    headers: headers,
                    cancellationToken: token
                ),
            cancellationToken
        );
        answer.EnsureSuccess();
    }
}
