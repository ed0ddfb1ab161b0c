using System.Text.Json.Nodes;
using Amazon.EKS;
using Amazon.Runtime;

namespace Threeport.Tests.Aws.StandIns;

/// <summary>EKS: REST with JSON.</summary>
public sealed class EksWireFormatTests : WireFormatTests<IAmazonEKS, AmazonEKSException>
{
    private protected override ServiceModel Model => ServiceModel.Eks;

    private static IEnumerable<string> All => Operations.Of(typeof(IAmazonEKS));

    [TestCaseSource(nameof(All))]
    public Task A_request_of_EKS_is_sent_as_the_model_says(string operation) => SendsWhatTheModelSaysAsync(operation);

    [TestCaseSource(nameof(All))]
    public Task An_answer_of_EKS_is_read_as_the_model_says(string operation) => ReadsWhatTheModelSaysAsync(operation);

    [TestCaseSource(nameof(All))]
    public Task An_error_of_EKS_is_the_exception_that_the_model_says(string operation) =>
        ThrowsWhatTheModelSaysAsync(operation);

    [Test]
    public void The_operations_of_EKS_that_are_used_are_all_there() =>
        Assert.That(All.Count(), Is.GreaterThanOrEqualTo(33));

    protected override Type OfHalfAnAnswer => typeof(AmazonUnmarshallingException);

    protected override IAmazonEKS Client(string url) =>
        new AmazonEKSClient(
            Key,
            Secret,
            new AmazonEKSConfig
            {
                ServiceURL = url,
                AuthenticationRegion = Region,
                MaxErrorRetry = 0,
            }
        );

    private protected override void Compare(Operation operation, object request, Received received)
    {
        var members = Wire.Set(request, operation.Input).ToList();
        var path = members
            .Where(static set => set.Member.Location == "uri")
            .Aggregate(
                operation.Path,
                static (path, set) =>
                    path.Replace($"{{{set.Member.LocationName}}}", Uri.EscapeDataString((string)set.Value))
            );
        Assert.That(received.Path, Is.EqualTo(path));

        var query = members
            .Where(static set => set.Member.Location == "querystring")
            .SelectMany(static set =>
                (set.Value as List<string> ?? [Wire.Text(set.Value)]).Select(value =>
                    KeyValuePair.Create(set.Member.LocationName, value)
                )
            );
        Assert.That(received.Query, Is.EquivalentTo(query));
        Assert.That(members.Select(static set => set.Member.Location), Is.All.AnyOf(null, "uri", "querystring"));

        var body = Wire.Json(request, operation.Input, static member => member.Location is null);
        if (operation.Verb == "POST")
        {
            Assert.That(received.Header("Content-Type"), Does.StartWith("application/json"));
            Assert.That(JsonNode.DeepEquals(JsonNode.Parse(received.Text), body), $"{received.Text}\n{body}");
        }
        else
        {
            Assert.That(body, Is.Empty);
            Assert.That(received.Body, Is.Empty);
        }
    }

    private protected override Answer Success(Operation operation, object response) =>
        new(
            200,
            Newer(Wire.Json(response, operation.Output)).ToJsonString(),
            "application/json",
            ("x-amzn-RequestId", RequestId)
        );

    private protected override Answer Error(Shape error, object exception, string message)
    {
        var body = Wire.Json(exception, error.Name.Length > 0 ? error.Name : null);
        body["message"] = message;
        return new Answer(
            error.Status!.Value,
            body.ToJsonString(),
            "application/json",
            ("x-amzn-ErrorType", error.Code),
            ("x-amzn-RequestId", RequestId)
        );
    }

    /// <summary>With members that are newer than this code, in each structure.</summary>
    private static JsonObject Newer(JsonObject json)
    {
        foreach (
            var inner in json.Select(static member => member.Value)
                .OfType<JsonObject>()
                .Where(static map => !IsMap(map))
        )
        {
            Newer(inner);
        }

        json["newerThanThis"] = new JsonObject { ["a"] = new JsonArray(1, 2) };
        return json;
    }

    /// <summary>A map's names are the specimen's, which have a colon.</summary>
    private static bool IsMap(JsonObject json) => json.Any(static member => member.Key.Contains(':'));
}
