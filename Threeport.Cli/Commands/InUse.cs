using Threeport.Cli.Configuration;
using Threeport.Cli.Kinds;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary>What goes on without a control plane, but with nobody who looks after it: that is to be meant.</summary>
internal static class InUse
{
    private const int Named = 3;

    /// <summary>Asks the API; one that does not answer says nothing, and taking it down must work all the same.</summary>
    /// <param name="terminal">Where is said why.</param>
    /// <param name="controlPlane">Whose API.</param>
    /// <param name="counts">Kinds whose resources would be left.</param>
    /// <param name="isLeft">Of those, by plural and name, the ones that would.</param>
    /// <param name="cancellationToken">The command's.</param>
    /// <exception cref="FailureException">There are some.</exception>
    public static async Task RefuseAsync(
        Terminal terminal,
        ControlPlane controlPlane,
        Func<Kind, bool> counts,
        Func<(string Plural, string Name), bool> isLeft,
        CancellationToken cancellationToken
    )
    {
        using var session = new Session(terminal, controlPlane, TimeSpan.FromSeconds(5), verbose: false);
        var left = new List<string>();
        try
        {
            foreach (var kind in (await session.KindsAsync(cancellationToken)).All.Where(counts))
            {
                await foreach (var resource in session.ListAsync(kind, "", Named + 2, cancellationToken))
                {
                    if (isLeft((kind.Plural, resource["name"].Text())))
                    {
                        left.Add($"{kind.Singular}/{resource["name"].Text()}");
                    }
                }
            }
        }
        catch (FailureException)
        {
            return;
        }

        Refuse(left);
    }

    /// <exception cref="FailureException">There are some.</exception>
    public static void Refuse(IReadOnlyList<string> left)
    {
        if (left.Count > 0)
        {
            throw new FailureException(
                $"{string.Join(", ", left.Take(Named))}{(left.Count > Named ? ", …" : "")} would be left without a control plane. Delete them first, or use --force."
            );
        }
    }
}
