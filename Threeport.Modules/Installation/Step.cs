namespace Threeport.Installation;

/// <summary>One step of an installation. May be done again at any time: what is there already stays.</summary>
/// <param name="Name">For people.</param>
/// <param name="Run">Does it; the text it is given are words on what it is at, the one it returns what came of it.</param>
/// <exception cref="InstallationException">It cannot be done.</exception>
public sealed record Step(string Name, Func<Action<string>, CancellationToken, Task<string>> Run);
