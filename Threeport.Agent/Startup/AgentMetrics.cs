using System.Globalization;
using System.Text;
using Threeport.Agent.Reporting;

namespace Threeport.Agent.Startup;

/// <summary>Counters, in the text form that Prometheus reads.</summary>
internal sealed class AgentMetrics
{
    private long _accepted;
    private long _failed;
    private long _refused;
    private volatile Func<IEnumerable<(string Name, string Help, double Value)>> _gauges = static () => [];

    /// <summary>Those of the session that runs now.</summary>
    public void Gauges(Func<IEnumerable<(string Name, string Help, double Value)>> gauges) => _gauges = gauges;

    public void Reported(Answer answer, int count) =>
        Interlocked.Add(ref answer.IsDone ? ref _accepted : ref answer.IsTransient ? ref _failed : ref _refused, count);

    public string Write()
    {
        var text = new StringBuilder();
        Write(text, "reports_accepted_total", "counter", "Workload reports that the control plane took.", _accepted);
        Write(text, "reports_failed_total", "counter", "Workload reports that did not get through.", _failed);
        Write(text, "reports_refused_total", "counter", "Workload reports in batches that were refused.", _refused);
        Write(text, "memory_bytes", "gauge", "Resident memory.", Environment.WorkingSet);
        foreach (var (name, help, value) in _gauges())
        {
            Write(text, name, "gauge", help, value);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, string name, string type, string help, double value) =>
        text.Append(
            CultureInfo.InvariantCulture,
            $"# HELP threeport_agent_{name} {help}\n# TYPE threeport_agent_{name} {type}\nthreeport_agent_{name} {value}\n"
        );
}
