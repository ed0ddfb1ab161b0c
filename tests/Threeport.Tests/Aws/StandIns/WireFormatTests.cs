using System.Reflection;
using Amazon.Runtime;

namespace Threeport.Tests.Aws.StandIns;

/// <summary>
/// What a client sends, reads and throws is what the service's model says: for each operation, with every member set. The
/// requests are signed; that is checked on the way.
/// </summary>
public abstract class WireFormatTests<TClient, TException>
    where TClient : class, IAmazonService, IDisposable
    where TException : AmazonServiceException
{
    protected const string Key = "AKIDEXAMPLE";
    protected const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    protected const string RequestId = "7a62c49f-347e-4fc4-9331-6e8eEXAMPLE";
    protected const string Region = "eu-central-1";

    private AwsListener _listener = null!;
    private TClient _client = null!;

    private protected abstract ServiceModel Model { get; }

    private protected Wire Wire => new(Model);

    private static string SigningName => typeof(TException).Namespace == "Amazon.EKS" ? "eks" : "iam";

    [OneTimeSetUp]
    public async Task ListenAsync()
    {
        _listener = await AwsListener.StartAsync();
        _client = Client(_listener.Url);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _listener.DisposeAsync();
    }

    /// <summary>The exception for an answer that breaks off.</summary>
    protected abstract Type OfHalfAnAnswer { get; }

    protected abstract TClient Client(string url);

    /// <summary>Path, query, headers and body of a request with these members.</summary>
    private protected abstract void Compare(Operation operation, object request, Received received);

    private protected abstract Answer Success(Operation operation, object response);

    private protected abstract Answer Error(Shape error, object exception, string message);

    /// <summary>Each member of the request set; the test of each operation calls this.</summary>
    protected async Task SendsWhatTheModelSaysAsync(string name)
    {
        var operation = Model.Operation(name);
        var request = new Specimen(Model).Make(Operations.Request(typeof(TClient), name), operation.Input);
        _listener.Respond = _ =>
            Success(operation, Activator.CreateInstance(Operations.Response(typeof(TClient), name))!);

        await Operations.CallAsync(_client, name, request);

        var received = _listener.TakeSingle();
        Assert.That(received.Verb, Is.EqualTo(operation.Verb));
        Compare(operation, request, received);
        var scope = SignatureVersion4.Verify(received, Secret);
        Assert.That((scope.Key, scope.Region, scope.Service), Is.EqualTo((Key, Region, SigningName)));
    }

    protected async Task ReadsWhatTheModelSaysAsync(string name)
    {
        var operation = Model.Operation(name);
        var response = new Specimen(Model).Make(Operations.Response(typeof(TClient), name), operation.Output);
        _listener.Respond = _ => Success(operation, response);

        var read = await Operations.CallAsync(
            _client,
            name,
            new Specimen(Model).Make(Operations.Request(typeof(TClient), name), operation.Input)
        );

        _listener.Requests.Clear();
        Assert.That(
            Wire.Json(read, operation.Output).ToJsonString(),
            Is.EqualTo(Wire.Json(response, operation.Output).ToJsonString())
        );
        Assert.That(read.ResponseMetadata.RequestId, Is.EqualTo(RequestId));
        Assert.That((int)read.HttpStatusCode, Is.EqualTo(200));
    }

    protected async Task ThrowsWhatTheModelSaysAsync(string name)
    {
        var operation = Model.Operation(name);
        Assert.That(operation.Errors, Is.Not.Empty);
        foreach (var error in operation.Errors.Select(Model.Shape))
        {
            var type = typeof(TException).Assembly.GetType($"{typeof(TException).Namespace}.Model.{error.Name}");
            Assert.That(type, Is.Not.Null.And.Property(nameof(Type.BaseType)).EqualTo(typeof(TException)), error.Name);
            var expected = Filled((AmazonServiceException)Activator.CreateInstance(type, Arguments(type))!, error);
            _listener.Respond = _ => Error(error, expected, $"{error.Name} said so");

            var thrown = await ThrownAsync(name, operation);

            Assert.That(thrown, Is.TypeOf(type));
            Assert.That(
                (thrown.ErrorCode, (int?)thrown.StatusCode, thrown.RequestId, thrown.Message),
                Is.EqualTo((error.Code, error.Status, RequestId, $"{error.Name} said so"))
            );
            AssertSameMembers(thrown, expected);
        }
    }

    [Test]
    public async Task An_error_that_nobody_knows_is_the_services_base_exception()
    {
        var name = Operations.Of(typeof(TClient))[0];
        var operation = Model.Operation(name);
        _listener.Respond = _ => Error(new Shape("", "", [], null, null, "NotOfThisWorld", 418), new object(), "what");

        var thrown = await ThrownAsync(name, operation);

        Assert.That(thrown, Is.TypeOf<TException>());
        Assert.That(
            (thrown.ErrorCode, (int)thrown.StatusCode, thrown.Message),
            Is.EqualTo(("NotOfThisWorld", 418, "what"))
        );
    }

    [TestCase("<html>Bad gateway")]
    [TestCase("")]
    [TestCase("[1]")]
    [TestCase("<ErrorResponse/>")]
    public async Task An_answer_of_something_in_between_is_the_services_base_exception(string page)
    {
        var name = Operations.Of(typeof(TClient))[0];
        _listener.Respond = _ => new Answer(502, page, "text/html");

        var thrown = await ThrownAsync(name, Model.Operation(name));

        Assert.That(thrown, Is.TypeOf<TException>());
        Assert.That((int)thrown.StatusCode, Is.EqualTo(502));
    }

    [TestCase("{\"cluster\": {")]
    [TestCase("<CreateRoleResponse><CreateRoleResult>")]
    public void Half_an_answer_is_not_taken_for_a_whole_one(string half)
    {
        var name = Operations.Of(typeof(TClient))[0];
        var request = new Specimen(Model).Make(Operations.Request(typeof(TClient), name), Model.Operation(name).Input);
        _listener.Respond = _ => new Answer(200, half, "text/plain");

        Assert.That(() => Operations.CallAsync(_client, name, request), Throws.TypeOf(OfHalfAnAnswer));
        _listener.Requests.Clear();
    }

    [Test]
    public void Every_constant_is_one_of_the_models()
    {
        var known = Model.Enumerations();
        var constants = typeof(TException)
            .Assembly.GetExportedTypes()
            .Where(static type => type.IsSubclassOf(typeof(ConstantClass)));

        Assert.That(constants, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            foreach (
                var constant in constants.SelectMany(static type =>
                    type.GetFields(BindingFlags.Public | BindingFlags.Static)
                )
            )
            {
                var value = ((ConstantClass)constant.GetValue(null)!).Value;
                Assert.That(known[constant.DeclaringType!.Name], Does.Contain(value), constant.DeclaringType.Name);
                Assert.That(Letters(constant.Name), Is.EqualTo(Letters(value)).IgnoreCase);
            }
        });
    }

    private static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit));

    private async Task<AmazonServiceException> ThrownAsync(string name, Operation operation)
    {
        var request = new Specimen(Model).Make(Operations.Request(typeof(TClient), name), operation.Input);
        try
        {
            await Operations.CallAsync(_client, name, request);
        }
        catch (AmazonServiceException exception)
        {
            _listener.Requests.Clear();
            return exception;
        }

        throw new AssertionException($"{name} threw nothing.");
    }

    /// <summary>The constructor with a message alone, as it is in the official package: the rest by default.</summary>
    private static object?[] Arguments(Type type) =>
        [
            .. type.GetConstructors()
                .Single(static constructor =>
                    constructor.GetParameters() is [{ ParameterType: var first }, ..] && first == typeof(string)
                )
                .GetParameters()
                .Select(static parameter =>
                    parameter.HasDefaultValue ? parameter.DefaultValue ?? Default(parameter.ParameterType) : ""
                ),
        ];

    private static object? Default(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    private AmazonServiceException Filled(AmazonServiceException exception, Shape error)
    {
        var specimen = new Specimen(Model);
        foreach (var property in Specimen.Members(exception.GetType()))
        {
            var member = error.Members.SingleOrDefault(member => member.Property == property.Name);
            Assert.That(member, Is.Not.Null, $"{error.Name}.{property.Name} is not in the model.");
            property.SetValue(
                exception,
                specimen.Value(property.PropertyType, Model.Shape(member!.Shape), property.Name)
            );
        }

        return exception;
    }

    private static void AssertSameMembers(AmazonServiceException thrown, AmazonServiceException expected)
    {
        foreach (var property in Specimen.Members(thrown.GetType()))
        {
            Assert.That(property.GetValue(thrown), Is.EqualTo(property.GetValue(expected)), property.Name);
        }
    }
}
