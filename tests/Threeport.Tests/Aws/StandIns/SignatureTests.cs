using System.Text;

namespace Threeport.Tests.Aws.StandIns;

/// <summary>The check of signatures itself, by the public test suite of Signature Version 4.</summary>
public sealed class SignatureTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    private static readonly Dictionary<string, string> Vectors = Resources
        .Json("signature-vectors")
        .ToDictionary(static vector => vector.Key, static vector => (string)vector.Value!);

    private static IEnumerable<string> Names => Vectors.Keys;

    [TestCaseSource(nameof(Names))]
    public void A_request_of_the_public_test_suite_is_signed_by_its_key(string name)
    {
        var scope = SignatureVersion4.Verify(Parse(Vectors[name]), Secret);

        Assert.That(scope, Is.EqualTo(new Scope("AKIDEXAMPLE", "20150830", "us-east-1", "service")));
    }

    [TestCaseSource(nameof(Names))]
    public void A_changed_request_of_the_public_test_suite_is_found_out(string name)
    {
        var request = Parse(Vectors[name]);

        Assert.Multiple(() =>
        {
            Refused(request with { Verb = "DELETE" });
            Refused(request with { Target = "/other" + request.Target });
            Refused(request with { Body = [.. request.Body, 1] });
            Refused(request, Secret + "x");
        });
    }

    private static void Refused(Received request, string secret = Secret) =>
        Assert.That(() => SignatureVersion4.Verify(request, secret), Throws.InstanceOf<InvalidDataException>());

    private static Received Parse(string text)
    {
        var halves = text.Split("\n\n", 2);
        var lines = halves[0].Split('\n');
        var (first, last) = (lines[0].IndexOf(' '), lines[0].LastIndexOf(' '));
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var line in lines[1..])
        {
            if (line.StartsWith(' '))
            {
                // A folded header goes on.
                headers[^1] = KeyValuePair.Create(headers[^1].Key, $"{headers[^1].Value} {line.Trim()}");
                continue;
            }

            var pair = line.Split(':', 2);
            headers.Add(KeyValuePair.Create(pair[0], pair[1].Trim()));
        }

        return new Received(
            lines[0][..first],
            lines[0][(first + 1)..last],
            headers,
            Encoding.UTF8.GetBytes(halves.ElementAtOrDefault(1)?.TrimEnd('\n') ?? "")
        );
    }
}
