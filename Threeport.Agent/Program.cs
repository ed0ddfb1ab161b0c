using System.Runtime.InteropServices;
using Threeport.Agent.Startup;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(AgentOptions.Usage);
    return 0;
}

if (args is ["--version"])
{
    Console.WriteLine(AgentOptions.Version);
    return 0;
}

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext context)
{
    // The process ends when what is left is sent, not at once.
    context.Cancel = true;
    stop.Cancel();
}

using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    var options = AgentOptions.Parse(args, Environment.GetEnvironmentVariable);
    var log = new ConsoleLog(Console.Out, !Console.IsOutputRedirected, TimeProvider.System);
    await new AgentProcess(options, TimeProvider.System, log).RunAsync(stop.Token);
    return 0;
}
catch (OptionException exception)
{
    await Console.Error.WriteLineAsync($"threeport-agent: {exception.Message}");
    return 2;
}
catch (Exception exception)
{
    await Console.Error.WriteLineAsync($"threeport-agent: {exception}");
    return 1;
}
