namespace Threeport.AwsServer.Control;

/// <summary>Where a test in the same process steps in, before and after every call.</summary>
internal sealed class AwsHooks
{
    public Func<AwsCall, ValueTask<bool>>? Before { get; set; }

    public Func<AwsCall, ValueTask<bool>>? After { get; set; }

    public ValueTask<bool> BeforeAsync(AwsCall call) => Before?.Invoke(call) ?? ValueTask.FromResult(true);

    public ValueTask<bool> AfterAsync(AwsCall call) => After?.Invoke(call) ?? ValueTask.FromResult(true);
}
