using Threeport.Host;
using Threeport.Host.Configuration;
using Threeport.Modules.Aws;
using Threeport.Runtime;

switch (args)
{
    case ["--help" or "-h"]:
        Console.WriteLine(CommandLine.Help);
        return 0;
    case ["--version"]:
        Console.WriteLine($"threeport {CommandLine.Version}");
        return 0;
    case ["aws", .. var asked]:
        using (var stop = new StopSignal())
        {
            return await AwsModule.RunCommandAsync(asked, Console.Out, Console.Error, stop.Token);
        }
}

try
{
    await ControlPlane.RunAsync(CommandLine.Parse(args), Modules.All);
    return 0;
}
catch (OperationCanceledException)
{
    // As it was told to, before it had started.
    return 0;
}
catch (SettingsException exception)
{
    await Console.Error.WriteLineAsync($"threeport: {exception.Message}");
    return 2;
}
