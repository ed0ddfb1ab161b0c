using Threeport.Server.Storage;

namespace Threeport.Tests.Server;

public sealed class KeyRingTests
{
    /// <summary>Many times over: what it is about is a matter of microseconds.</summary>
    [Test, Repeat(200)]
    public async Task Of_several_that_make_it_at_once_all_have_the_same_and_nothing_else_is_left()
    {
        var folder = Directory.CreateTempSubdirectory("keyring-");
        try
        {
            var path = Path.Combine(folder.FullName, "keyring.json");
            using var start = new Barrier(8);
            var rings = await Task.WhenAll(
                Enumerable
                    .Range(0, start.ParticipantCount)
                    .Select(_ =>
                        Task.Factory.StartNew(
                            () =>
                            {
                                start.SignalAndWait();
                                return KeyRing.Open(path);
                            },
                            CancellationToken.None,
                            TaskCreationOptions.LongRunning,
                            TaskScheduler.Default
                        )
                    )
            );

            var wrapped = rings[0].Wrap(new byte[32], "a");
            Assert.That(rings.Select(r => r.Unwrap(wrapped, "a")), Has.All.EqualTo(new byte[32]));
            Assert.That(folder.EnumerateFiles().Select(static f => f.Name), Is.EqualTo(new[] { "keyring.json" }));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
