namespace Threeport.IntegrationTests.Infrastructure;

/// <summary>The agent as a process.</summary>
internal static class AgentProcess
{
    /// <summary>In its own output folder: beside the tests it lacks the libraries that their framework brings.</summary>
    private static string Program
    {
        get
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            var projects = output.Parent!.Parent!.FullName;
            return Path.Combine(projects, "Threeport.Agent", output.Name, "threeport-agent.dll");
        }
    }

    public static ChildProcess Start(params IReadOnlyList<string> arguments) =>
        ChildProcess.Start(
            "threeport-agent",
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
            [Program, .. arguments]
        );
}
