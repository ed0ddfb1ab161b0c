using System.Text.Json.Nodes;
using Threeport.Cli.Files;
using Threeport.Cli.Output;

namespace Threeport.Cli.Configuration;

/// <summary>A control plane that the user works with.</summary>
/// <param name="Name">What the user calls it.</param>
/// <param name="Endpoint">Its address, <c>https://127.0.0.1:8443</c>.</param>
internal sealed record ControlPlane(string Name, string Endpoint)
{
    /// <summary>The CA of its certificate, PEM; without one the machine's own CAs count.</summary>
    public string? CaCertificate { get; init; }

    /// <summary>A bearer token.</summary>
    public string? Token { get; init; }

    /// <summary>A file that holds the token; read at each use, so that a renewed one is found.</summary>
    public string? TokenFile { get; init; }

    /// <summary>A client certificate and its key, PEM.</summary>
    public string? Certificate { get; init; }

    public string? CertificateKey { get; init; }

    /// <summary>The data folder of a control plane on this machine, made by <c>qleetctl up</c>.</summary>
    public string? Data { get; init; }
}

/// <summary>
/// The user's file of control planes: <c>$THREEPORT_CONFIG</c>, else <c>~/.config/threeport/config.yaml</c>. Readable by its owner
/// alone, written whole or not at all.
/// </summary>
internal sealed class ConfigFile
{
    private ConfigFile(string path) => Path = path;

    public string Path { get; }

    /// <summary>The name of the control plane that commands go to.</summary>
    public string? Current { get; set; }

    public List<ControlPlane> ControlPlanes { get; } = [];

    public static string DefaultPath =>
        Environment.GetEnvironmentVariable("THREEPORT_CONFIG") is { Length: > 0 } given
            ? given
            : System.IO.Path.Combine(
                Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } home
                    ? home
                    : System.IO.Path.Combine(
                        Environment.GetFolderPath(
                            Environment.SpecialFolder.UserProfile,
                            Environment.SpecialFolderOption.DoNotVerify
                        ),
                        ".config"
                    ),
                "threeport",
                "config.yaml"
            );

    public static ConfigFile Load(string? path = null)
    {
        var file = new ConfigFile(path ?? DefaultPath);
        if (!File.Exists(file.Path))
        {
            return file;
        }

        var documents = SourceReader.Read(File.ReadAllText(file.Path), file.Path);
        var root = documents.Count > 0 && documents[0].ToJson() is JsonObject read ? read : [];
        file.Current = root["current"] is { } current ? current.Text() : null;
        foreach (var entry in (root["controlPlanes"] as JsonArray ?? []).OfType<JsonObject>())
        {
            file.ControlPlanes.Add(Read(entry));
        }

        return file;
    }

    /// <returns>The control plane of that name, or the current one.</returns>
    /// <exception cref="FailureException">There is none.</exception>
    public ControlPlane Find(string? name)
    {
        var wanted = name ?? Current;
        if (wanted is null)
        {
            throw new FailureException(
                ControlPlanes.Count == 0
                    ? "No control plane is configured. Start one with `qleetctl up`, or add one with `qleetctl config add`."
                    : $"No control plane is chosen. Choose one with `qleetctl config use {ControlPlanes[0].Name}`, or name it with --control-plane."
            );
        }

        return ControlPlanes.Find(c => c.Name == wanted)
            ?? throw new FailureException(
                $"There is no control plane \"{wanted}\" in {Path}.{Suggest.Hint(wanted, ControlPlanes.Select(static c => c.Name))}"
            );
    }

    public void Set(ControlPlane controlPlane)
    {
        var at = ControlPlanes.FindIndex(c => c.Name == controlPlane.Name);
        if (at < 0)
        {
            ControlPlanes.Add(controlPlane);
        }
        else
        {
            ControlPlanes[at] = controlPlane;
        }
    }

    public JsonObject ToJson(bool secrets) =>
        new()
        {
            ["current"] = Current,
            ["controlPlanes"] = new JsonArray([.. ControlPlanes.Select(c => (JsonNode)Write(c, secrets))]),
        };

    public void Save()
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        Directory.CreateDirectory(folder);
        OwnerFile.Write(Path, Yaml.Write(ToJson(secrets: true)));
    }

    private static ControlPlane Read(JsonObject entry)
    {
        string? Field(string name) => entry[name] is { } value ? value.Text() : null;
        return new(Field("name") ?? "", Field("endpoint") ?? "")
        {
            CaCertificate = Field("caCertificate"),
            Token = Field("token"),
            TokenFile = Field("tokenFile"),
            Certificate = Field("certificate"),
            CertificateKey = Field("certificateKey"),
            Data = Field("data"),
        };
    }

    private static JsonObject Write(ControlPlane c, bool secrets) =>
        Json.Object(
            ("name", c.Name),
            ("endpoint", c.Endpoint),
            ("caCertificate", c.CaCertificate),
            ("token", c.Token is null || secrets ? c.Token : "***"),
            ("tokenFile", c.TokenFile),
            ("certificate", c.Certificate),
            ("certificateKey", c.CertificateKey is null || secrets ? c.CertificateKey : "***"),
            ("data", c.Data)
        );
}
