using Threeport.AwsServer;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(Arguments.Usage);
    return 0;
}

AwsOptions options;
try
{
    options = Arguments.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine($"{e.Message}\n\n{Arguments.Usage}");
    return 2;
}

await using var aws = await AwsEndpoint.StartAsync(options);
Console.WriteLine($"AWS_ENDPOINT_URL={aws.Address.ToString().TrimEnd('/')}");
await aws.WaitAsync(CancellationToken.None);
return 0;
