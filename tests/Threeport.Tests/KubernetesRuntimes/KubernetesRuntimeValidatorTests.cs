using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeDefinitions;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

namespace Threeport.Tests.KubernetesRuntimes;

public sealed class KubernetesRuntimeValidatorTests
{
    private static readonly KubernetesRuntimeInstanceSpec Valid = new()
    {
        KubernetesRuntimeDefinition = "there",
        ApiEndpoint = "https://10.0.0.1:6443",
        ConnectionToken = "abc",
    };

    private static readonly InfraProviders Providers = new([]);

    [Test]
    public void An_endpoint_with_a_token_is_valid() => Assert.That(Errors(Valid), Is.Empty);

    [Test]
    public void There_are_28_locations() => Assert.That(Locations.All.Distinct().Count(), Is.EqualTo(28));

    [Test]
    public void What_is_wrong_is_named_with_what_is_allowed()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Errors(Valid with { KubernetesRuntimeDefinition = "" }),
                Is.EqualTo(new[] { "Spec.KubernetesRuntimeDefinition" })
            );
            Assert.That(Errors(Valid with { Location = "Mars" }), Is.EqualTo(new[] { "Spec.Location" }));
            Assert.That(Errors(Valid with { Agent = "Maybe" }), Is.EqualTo(new[] { "Spec.Agent" }));
            Assert.That(
                Errors(Valid with { ThreeportAgentImage = "Not An Image" }),
                Is.EqualTo(new[] { "Spec.ThreeportAgentImage" })
            );
            Assert.That(Errors(Valid with { AgentEndpoint = "http://x" }), Is.EqualTo(new[] { "Spec.AgentEndpoint" }));
            Assert.That(
                Errors(Valid with { ApiEndpoint = "http://10.0.0.1" }),
                Is.EqualTo(new[] { "Spec.ApiEndpoint" })
            );
            Assert.That(
                Errors(Valid with { ApiEndpoint = "https://169.254.169.254" }),
                Is.EqualTo(new[] { "Spec.ApiEndpoint" })
            );
            Assert.That(Errors(Valid with { ApiEndpoint = null }), Is.EqualTo(new[] { "Spec.ApiEndpoint" }));
            Assert.That(Errors(Valid with { ConnectionToken = null }), Is.EqualTo(new[] { "Spec.ApiEndpoint" }));
            Assert.That(Errors(Valid with { ConnectionToken = "a b" }), Is.EqualTo(new[] { "Spec.ConnectionToken" }));
            Assert.That(Errors(Valid with { CaCertificate = "x" }), Is.EqualTo(new[] { "Spec.CaCertificate" }));
            Assert.That(Errors(Valid with { Certificate = "x" }), Is.EqualTo(new[] { "Spec.Certificate" }));
            Assert.That(Errors(Valid with { Kubeconfig = "x" }), Is.EqualTo(new[] { "Spec.Kubeconfig" }));
            Assert.That(
                Errors(new() { KubernetesRuntimeDefinition = "a", Kubeconfig = "users: [" }),
                Is.EqualTo(new[] { "Spec.Kubeconfig" })
            );
        }
    }

    [TestCase("localhost/threeport/agent:0.1.0", true)]
    [TestCase("ghcr.io:5000/a/b_c/d-e@sha256:0123456789012345678901234567890123456789012345678901234567890123", true)]
    [TestCase("agent", true)]
    [TestCase("", false)]
    [TestCase("a b", false)]
    [TestCase("UPPER", false)]
    [TestCase("a@sha256:12", false)]
    public void An_image_is_an_image(string image, bool valid) =>
        Assert.That(Errors(Valid with { ThreeportAgentImage = image }), valid ? Is.Empty : Is.Not.Empty);

    [TestCase("existing", "Medium", "Balanced", 250, null)]
    [TestCase("kind", "4XLarge", "MemoryOptimized", 1, null)]
    [TestCase("gke", "Medium", "Balanced", 250, "Must be existing or kind.")]
    [TestCase(
        "kind",
        "Huge",
        "Balanced",
        250,
        "Must be 2XSmall, XSmall, Small, Medium, Large, XLarge, 2XLarge, 3XLarge or 4XLarge."
    )]
    [TestCase("kind", "Medium", "Fast", 250, "Must be Balanced, ComputeOptimized or MemoryOptimized.")]
    [TestCase("kind", "Medium", "Balanced", 0, "Must be 1 to 5000.")]
    public void A_definition_uses_known_words(string provider, string size, string profile, int maximum, string? error)
    {
        var definition = new KubernetesRuntimeDefinition
        {
            Spec = new()
            {
                InfraProvider = provider,
                NodeSize = size,
                NodeProfile = profile,
                NodeMaximum = maximum,
            },
        };
        Assert.That(
            new KubernetesRuntimeDefinitionValidator(Providers)
                .Validate(definition)
                .Errors.Select(static e => e.ErrorMessage),
            Is.EqualTo(error is null ? [] : new[] { error })
        );
    }

    [TestCase("https://127.0.0.1:6443")]
    [TestCase("https://[::1]:6443")]
    [TestCase("https://localhost:6443")]
    public void This_machine_is_a_place_for_clusters_only_where_that_is_allowed(string server)
    {
        var spec = new KubernetesRuntimeInstanceSpec
        {
            KubernetesRuntimeDefinition = "local",
            ApiEndpoint = server,
            ConnectionToken = "token",
        };
        Assert.That(Errors(spec), Is.Empty);
        Assert.That(Errors(spec, allowLoopback: false), Is.EqualTo(["Spec.ApiEndpoint"]));
    }

    private static IEnumerable<string> Errors(KubernetesRuntimeInstanceSpec spec, bool allowLoopback = true) =>
        new KubernetesRuntimeInstanceValidator(new(allowLoopback), Providers)
            .Validate(new KubernetesRuntimeInstance { Spec = spec })
            .Errors.Select(static e => e.PropertyName);
}
