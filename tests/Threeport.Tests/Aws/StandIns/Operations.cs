using System.Reflection;
using Amazon.Runtime;

namespace Threeport.Tests.Aws.StandIns;

/// <summary>The operations that a client has, by the methods of its interface.</summary>
internal static class Operations
{
    public static IReadOnlyList<string> Of(Type client) =>
        [.. client.GetMethods().Where(TakesRequest).Select(static method => method.Name[..^"Async".Length])];

    public static Type Request(Type client, string operation) =>
        Method(client, operation).GetParameters()[0].ParameterType;

    public static Type Response(Type client, string operation) =>
        Method(client, operation).ReturnType.GetGenericArguments().Single();

    /// <summary>Calls it as a user would, whatever it is.</summary>
    public static async Task<AmazonWebServiceResponse> CallAsync<TClient>(
        TClient client,
        string operation,
        object request
    )
    {
        var call = (Task)Method(typeof(TClient), operation).Invoke(client, [request, CancellationToken.None])!;
        await call;
        return (AmazonWebServiceResponse)call.GetType().GetProperty(nameof(Task<int>.Result))!.GetValue(call)!;
    }

    private static MethodInfo Method(Type client, string operation) =>
        client.GetMethods().Single(method => method.Name == $"{operation}Async" && TakesRequest(method));

    private static bool TakesRequest(MethodInfo method) =>
        method.GetParameters() is [{ } request, _]
        && request.ParameterType.IsSubclassOf(typeof(AmazonWebServiceRequest));
}
