using Threeport.Cli;

return await CommandLine.RunAsync(args, Terminal.System());
