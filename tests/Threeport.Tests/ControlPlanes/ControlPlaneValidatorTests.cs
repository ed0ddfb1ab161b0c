using Threeport.Certificates;
using Threeport.Modules.ControlPlanes.ControlPlaneDefinitions;
using Threeport.Modules.ControlPlanes.ControlPlaneInstances;

namespace Threeport.Tests.ControlPlanes;

public sealed class ControlPlaneValidatorTests
{
    private static readonly ControlPlaneInstanceSpec Self = new()
    {
        ControlPlaneDefinition = "prod",
        KubernetesRuntimeInstance = "prod",
        Namespace = "threeport-prod",
        ApiServerEndpoint = "https://10.0.0.1:30443",
        CaCert = CertificateAuthority.Make(TimeProvider.System).Certificate,
        Genesis = true,
        IsSelf = true,
    };

    [Test]
    public void The_control_plane_itself_is_valid() => Assert.That(Errors(Self), Is.Empty);

    [Test]
    public void Another_control_plane_is_refused_with_what_to_do_instead()
    {
        var error = Errors(Self with { IsSelf = false }).Single();
        Assert.That(
            error,
            Does.StartWith("Spec.IsSelf: ").And.Contain("cannot make others yet").And.Contain("qleetctl up")
        );
    }

    [Test]
    public void What_is_wrong_is_named()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Errors(Self with { Genesis = false }).Single(), Does.StartWith("Spec.Genesis: "));
            Assert.That(Errors(Self with { Namespace = "A b" }).Single(), Does.StartWith("Spec.Namespace: "));
            Assert.That(
                Errors(Self with { ApiServerEndpoint = "http://a" }).Single(),
                Does.StartWith("Spec.ApiServerEndpoint: ")
            );
            Assert.That(Errors(Self with { CaCert = "no" }).Single(), Does.StartWith("Spec.CaCert: "));
            Assert.That(
                Errors(Self with { ControlPlaneDefinition = "" }).Single(),
                Does.StartWith("Spec.ControlPlaneDefinition: ")
            );
        }
    }

    [TestCase(true, false, 0)]
    [TestCase(false, false, 1)]
    [TestCase(true, true, 1)]
    public void A_definition_asks_for_certificates_and_for_no_parent(bool authEnabled, bool onboardParent, int errors)
    {
        var definition = new ControlPlaneDefinition
        {
            Spec = new() { AuthEnabled = authEnabled, OnboardParent = onboardParent },
        };
        Assert.That(new ControlPlaneDefinitionValidator().Validate(definition).Errors, Has.Count.EqualTo(errors));
    }

    private static IReadOnlyList<string> Errors(ControlPlaneInstanceSpec spec) =>
        [
            .. new ControlPlaneInstanceValidator()
                .Validate(new ControlPlaneInstance { Spec = spec })
                .Errors.Select(static e => $"{e.PropertyName}: {e.ErrorMessage}"),
        ];
}
