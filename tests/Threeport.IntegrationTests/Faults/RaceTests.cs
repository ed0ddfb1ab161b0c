using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Server;

namespace Threeport.IntegrationTests.Faults;

/// <summary>What clients that write at the same time are told, over HTTP; the writer commits them together.</summary>
public sealed class RaceTests
{
    private const int Clients = 50;
    private HttpApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _api = await HttpApi.SharedAsync();

    /// <summary>F12: 127 good ones, a name that is taken and a body that is too large: each is answered for itself.</summary>
    [Test]
    public async Task F12_One_bad_write_among_many_fails_alone()
    {
        await _api.SendAsync("POST", "/v0/samples", Body("batch-taken", 1));
        var good = Enumerable.Range(0, 127).Select(static i => Body($"batch-{i}", i));
        string[] bodies = [.. good, Body("batch-taken", 2), Body(new('x', 3 * 1024 * 1024), 1)];
        var answers = await Task.WhenAll(bodies.Select(b => _api.SendAsync("POST", "/v0/samples", b)));
        Assert.That(
            answers.Select(static a => a.Status),
            Is.EqualTo(Enumerable.Repeat(201, 127).Append(409).Append(413))
        );
        Assert.That(await SizeAsync("batch-taken"), Is.EqualTo(1));
    }

    /// <summary>F13: of fifty that replace the same revision one wins, and the others are told that it has changed.</summary>
    [Test]
    public async Task F13_Of_fifty_that_replace_one_revision_one_wins()
    {
        await _api.SendAsync("POST", "/v0/samples", Body("replaced", 1));
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, Clients)
                .Select(i => _api.SendAsync("PUT", "/v0/samples/replaced", Body("replaced", 100 + i), ifMatch: "\"1\""))
        );
        var winner = answers.Single(static a => a.Status == 200).Body!;
        Assert.That(answers.Count(static a => a.Status == 412), Is.EqualTo(Clients - 1));
        Assert.That((int)winner["revision"]!, Is.EqualTo(2));
        Assert.That(await SizeAsync("replaced"), Is.EqualTo((int)winner["spec"]!["size"]!));
    }

    /// <summary>F14: of fifty that create the same name one wins, and what is stored is what that one was answered.</summary>
    [Test]
    public async Task F14_Of_fifty_that_create_one_name_one_wins()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, Clients).Select(i => _api.SendAsync("POST", "/v0/samples", Body("created", i)))
        );
        var winner = answers.Single(static a => a.Status == 201).Body!;
        Assert.That(answers.Count(static a => a.Status == 409), Is.EqualTo(Clients - 1));
        Assert.That(await SizeAsync("created"), Is.EqualTo((int)winner["spec"]!["size"]!));
    }

    private async Task<int> SizeAsync(string name) =>
        (int)(await _api.SendAsync("GET", $"/v0/samples/{name}")).Body!["spec"]!["size"]!;

    private static string Body(string name, int size) =>
        new JsonObject
        {
            ["name"] = name,
            ["spec"] = new JsonObject { ["size"] = size },
        }.ToJsonString();
}
