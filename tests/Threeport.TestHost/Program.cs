using Threeport.Host;
using Threeport.Host.Configuration;
using Threeport.Runtime;
using Threeport.TestHost;

// The host as it is, with one more module: kinds whose reconciler does what a test or a benchmark needs.
try
{
    await ControlPlane.RunAsync(CommandLine.Parse(args), [.. Modules.All, new ProbesModule()]);
    return 0;
}
catch (SettingsException exception)
{
    await Console.Error.WriteLineAsync($"threeport-test-host: {exception.Message}");
    return 2;
}
