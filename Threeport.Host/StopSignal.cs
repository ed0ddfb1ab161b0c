using System.Runtime.InteropServices;

namespace Threeport.Host;

/// <summary>
/// Told to stop while it still starts: until the web host listens to signals, nobody else does, and the process would end
/// without stopping the servers that it runs.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignal() =>
        _registrations = [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Stop),
        ];

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        // Waits for a handler that is at work.
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _stop.Cancel();
    }
}
