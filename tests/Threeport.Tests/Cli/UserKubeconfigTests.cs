using System.Text;
using Threeport.Certificates;
using Threeport.Cli;
using Threeport.Cli.Clusters;
using Threeport.Kubernetes;

namespace Threeport.Tests.Cli;

/// <summary>The kubeconfig of whoever sits at the terminal: what it names is read and run, as kubectl does.</summary>
public sealed class UserKubeconfigTests
{
    private static readonly string Ca = CertificateAuthority.Make(TimeProvider.System).Certificate;
    private string _folder = null!;

    private string Path => System.IO.Path.Combine(_folder, "config");

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("threeport-kubeconfig-").FullName;
        Directory.CreateDirectory(System.IO.Path.Combine(_folder, "bin"));
        Write("ca.crt", Ca);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task What_it_names_is_read_beside_it()
    {
        Write("token", " secret-token\n");
        Write("config", Config("tokenFile: token"));
        var (connection, context) = await ReadAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(context, Is.EqualTo("here"));
            Assert.That(connection.Server, Is.EqualTo(new Uri("https://10.0.0.1:6443")));
            Assert.That(connection.CaCertificate, Is.EqualTo(Ca));
            Assert.That(connection.Token, Is.EqualTo("secret-token"));
        }
    }

    [Test]
    public async Task Another_context_may_be_named()
    {
        Write("config", Config("token: here", more: "token: there"));
        Assert.That((await ReadAsync("there")).Connection.Token, Is.EqualTo("there"));
        var failure = await Assert.ThrowsAsync<FailureException>(() => ReadAsync("nowhere"));
        Assert.That(failure!.Message, Does.Contain("no context \"nowhere\". It has: here, there."));
    }

    [TestCase("./bin/credentials", TestName = "A command with a slash is beside the kubeconfig")]
    [TestCase("bin/credentials", TestName = "The same without a dot")]
    [TestCase("sh", TestName = "A command without one is on the path")]
    public async Task The_command_that_it_names_is_run(string command)
    {
        var script = """
            case "$KUBERNETES_EXEC_INFO" in *'"kind":"ExecCredential"'*) ;; *) exit 3 ;; esac
            printf '{"kind": "ExecCredential", "status": {"token": "%s-%s"}}' "$PREFIX" "$1"
            """;
        Executable("bin/credentials", $"#!/bin/sh\n{script}\n");
        var program = System.IO.Path.Combine(_folder, "bin/credentials");
        var arguments = command == "sh" ? $"[{program}, one]" : "[one]";
        Write("config", Config(Exec(command, arguments)));
        Assert.That((await ReadAsync()).Connection.Token, Is.EqualTo("given-one"));
    }

    [Test]
    public async Task A_command_that_fails_is_named()
    {
        Executable("bin/credentials", "#!/bin/sh\nexit 7\n");
        Write("config", Config(Exec("bin/credentials", "[]")));
        var failure = await Assert.ThrowsAsync<FailureException>(() => ReadAsync());
        Assert.That(failure!.Message, Does.Contain("bin/credentials").And.Contain("ended with 7"));
    }

    [TestCase("no-such-command", "")]
    [TestCase("bin/credentials", "echo not JSON")]
    public async Task A_command_that_gives_nothing_usable_is_named(string command, string script)
    {
        Executable("bin/credentials", $"#!/bin/sh\n{script}\n");
        Write("config", Config(Exec(command, "[]")));
        var failure = await Assert.ThrowsAsync<FailureException>(() => ReadAsync());
        Assert.That(failure!.Message, Does.Contain($"{command}, which the kubeconfig gets its credentials from"));
    }

    [Test]
    public async Task A_command_goes_with_whoever_waited_for_it()
    {
        Executable(
            "bin/credentials",
            "#!/bin/sh\necho $$ > \"${0%/bin/*}/pid.new\"; mv \"${0%/bin/*}/pid.new\" \"${0%/bin/*}/pid\"; exec sleep 600\n"
        );
        Write("config", Config(Exec("bin/credentials", "[]")));
        using var watcher = new FileSystemWatcher(_folder, "pid") { EnableRaisingEvents = true };
        var started = new TaskCompletionSource();
        watcher.Renamed += (_, _) => started.TrySetResult();
        using var stop = new CancellationTokenSource();
        var reading = UserKubeconfig.ReadAsync(Path, context: null, stop.Token);
        await Task.WhenAny(started.Task, reading);
        await stop.CancelAsync();
        await Assert.ThatAsync(() => reading, Throws.InstanceOf<OperationCanceledException>());
        var process = await File.ReadAllTextAsync(System.IO.Path.Combine(_folder, "pid"));
        Assert.That(
            () =>
                File.Exists($"/proc/{process.Trim()}/cmdline")
                && File.ReadAllText($"/proc/{process.Trim()}/cmdline").StartsWith("sleep", StringComparison.Ordinal),
            Is.False.After(10_000, 20)
        );
    }

    [Test]
    public async Task A_file_that_is_not_there_is_named()
    {
        Write("config", Config("tokenFile: gone"));
        var failure = await Assert.ThrowsAsync<FailureException>(() => ReadAsync());
        Assert.That(failure!.Message, Does.StartWith("gone, which the kubeconfig").And.Contain("names:"));
    }

    [Test]
    public async Task Without_a_kubeconfig_that_is_said()
    {
        var failure = await Assert.ThrowsAsync<FailureException>(() => ReadAsync());
        Assert.That(
            failure!.Message,
            Is.EqualTo($"There is no kubeconfig at {Path}. Name one with --kubeconfig FILE.")
        );
    }

    [TestCase("auth-provider: {name: gcp}")]
    [TestCase("username: admin, password: secret")]
    public async Task What_cannot_be_used_is_said_without_its_secrets(string user)
    {
        Write("config", Config(user));
        var failure = await Assert.ThrowsAsync<FailureException>(() => ReadAsync());
        Assert.That(
            failure!.Message,
            Does.Contain("context \"here\" of the kubeconfig cannot be used").And.Not.Contain("secret")
        );
    }

    private static string Exec(string command, string arguments) =>
        $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: \"{command}\", args: {arguments}, env: [{{name: PREFIX, value: given}}], interactiveMode: Never}}";

    private static string Config(string user, string more = "token: unused") =>
        $$$"""
            apiVersion: v1
            kind: Config
            current-context: here
            clusters: [{name: c, cluster: {server: "https://10.0.0.1:6443", certificate-authority: ca.crt}}]
            users: [{name: here, user: {{{{user}}} }}, {name: there, user: {{{{more}}} }}]
            contexts: [{name: here, context: {cluster: c, user: here}}, {name: there, context: {cluster: c, user: there}}]
            """;

    private Task<(ClusterConnection Connection, string Context)> ReadAsync(string? context = null) =>
        UserKubeconfig.ReadAsync(Path, context, CancellationToken.None);

    private void Write(string name, string text) =>
        File.WriteAllText(System.IO.Path.Combine(_folder, name), text, new UTF8Encoding(false));

    private void Executable(string name, string text)
    {
        Write(name, text);
        File.SetUnixFileMode(
            System.IO.Path.Combine(_folder, name),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
    }
}
