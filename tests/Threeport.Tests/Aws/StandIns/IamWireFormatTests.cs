using System.Xml;
using System.Xml.Linq;
using Amazon.IdentityManagement;

namespace Threeport.Tests.Aws.StandIns;

/// <summary>IAM: forms, and XML.</summary>
public sealed class IamWireFormatTests
    : WireFormatTests<IAmazonIdentityManagementService, AmazonIdentityManagementServiceException>
{
    private protected override ServiceModel Model => ServiceModel.Iam;

    private static IEnumerable<string> All => Operations.Of(typeof(IAmazonIdentityManagementService));

    [TestCaseSource(nameof(All))]
    public Task A_request_of_IAM_is_sent_as_the_model_says(string operation) => SendsWhatTheModelSaysAsync(operation);

    [TestCaseSource(nameof(All))]
    public Task An_answer_of_IAM_is_read_as_the_model_says(string operation) => ReadsWhatTheModelSaysAsync(operation);

    [TestCaseSource(nameof(All))]
    public Task An_error_of_IAM_is_the_exception_that_the_model_says(string operation) =>
        ThrowsWhatTheModelSaysAsync(operation);

    [Test]
    public void The_operations_of_IAM_that_are_used_are_all_there() =>
        Assert.That(All.Count(), Is.GreaterThanOrEqualTo(30));

    /// <summary>As in the official packages whose answers are XML.</summary>
    protected override Type OfHalfAnAnswer => typeof(XmlException);

    protected override IAmazonIdentityManagementService Client(string url) =>
        new AmazonIdentityManagementServiceClient(
            Key,
            Secret,
            new AmazonIdentityManagementServiceConfig
            {
                ServiceURL = url,
                AuthenticationRegion = Region,
                MaxErrorRetry = 0,
            }
        );

    private protected override void Compare(Operation operation, object request, Received received)
    {
        Assert.That(received.Target, Is.EqualTo(operation.Path));
        Assert.That(received.Header("Content-Type"), Does.StartWith("application/x-www-form-urlencoded"));
        var form = Wire.Form(request, operation.Input);
        form["Action"] = operation.Name;
        form["Version"] = "2010-05-08";
        Assert.That(Received.Pairs(received.Text), Is.EquivalentTo(form));
    }

    private protected override Answer Success(Operation operation, object response)
    {
        var metadata = Wire.Element("ResponseMetadata", Wire.Element("RequestId", RequestId));
        IEnumerable<object> result = operation.Output is null
            ? []
            :
            [
                Wire.Element(
                    $"{operation.Name}Result",
                    Wire.Xml(response, operation.Output),
                    Wire.Element("NewerThanThis", "1")
                ),
            ];
        return Xml(200, Wire.Element($"{operation.Name}Response", [.. result, metadata]));
    }

    private protected override Answer Error(Shape error, object exception, string message) =>
        Xml(
            error.Status!.Value,
            Wire.Element(
                "ErrorResponse",
                Wire.Element(
                    "Error",
                    Wire.Element("Type", "Sender"),
                    Wire.Element("Code", error.Code),
                    Wire.Element("Message", message)
                ),
                Wire.Element("RequestId", RequestId)
            )
        );

    private static Answer Xml(int status, XElement body) =>
        new(status, body.ToString(), "text/xml", ("x-amzn-RequestId", RequestId));
}
