using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Text.Json;

namespace KeepaliveKit.PowerShellHost;

/// <summary>
/// Stands at every statement that a script runs, as a debugger that steps does: the engine's own one. There it looks at the
/// machine, ends the process, or throws what a call to the outside could throw.
/// </summary>
sealed class Stepper
{
    /// <summary>Where the statements and the machine's states go as JSON.</summary>
    public string? Report { get; set; }

    /// <summary>Whether to look at the machine before every statement, and not only at the end.</summary>
    public bool Look { get; set; }

    /// <summary>The statement, counted from 1, before which the process ends: no finally block runs.</summary>
    public int KillAt { get; set; }

    /// <summary>The statement, counted from 1, that fails.</summary>
    public int FailAt { get; set; }

    /// <summary>Whether the registry takes one of the values, and then refuses the next.</summary>
    public bool Refuse { get; set; }

    /// <summary>The value that is something else once it was written, as where a policy or another program wins.</summary>
    public string? Alter { get; set; }

    /// <summary>From where to where a statement goes; what is public of it is the line.</summary>
    static readonly PropertyInfo Position =
        typeof(InvocationInfo).GetProperty("ScriptPosition", BindingFlags.Instance | BindingFlags.NonPublic)!;

    readonly List<object> steps = [];
    readonly List<string> states = [];
    Outside? outside;
    string? atFirst;

    public void Attach(Runspace runspace, string script)
    {
        if (!Look && KillAt == 0 && FailAt == 0 && !Refuse && Alter is null) return;
        atFirst = Machine.Held(Alter);
        outside = new Outside(script);
        runspace.Debugger.SetDebugMode(DebugModes.LocalScript);
        runspace.Debugger.DebuggerStop += Stop;
        runspace.Debugger.SetDebuggerStepMode(true);
    }

    /// <summary>Writes what was seen; the last state is the one at the end.</summary>
    public void Finish()
    {
        if (Report is null) return;
        var report = new { steps, states, end = CurrentState() };
        File.WriteAllText(Report, JsonSerializer.Serialize(report));
    }

    void Stop(object? sender, DebuggerStopEventArgs stop)
    {
        stop.ResumeAction = DebuggerResumeAction.StepInto;
        var at = (IScriptExtent)Position.GetValue(stop.InvocationInfo)!;
        var step = steps.Count + 1;
        steps.Add(new { line = at.StartLineNumber, text = at.Text, outside = outside!.Touches(at), state = Look ? CurrentState() : 0 });
        if (step == KillAt)
        {
            Finish();
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
        if ((Refuse || Alter is not null) && Machine.Held(Alter) != atFirst) Interfere();
        if (step == FailAt) Fail(at.Text, (System.Management.Automation.Debugger)sender!);
    }

    /// <summary>Only once: what puts back the values is not disturbed.</summary>
    void Interfere()
    {
        var (refuse, alter) = (Refuse, Alter);
        (Refuse, Alter) = (false, null);
        if (alter is not null) Machine.Alter(alter);
        if (refuse) throw new UnauthorizedAccessException("Cannot write to the registry key.");
    }

    /// <summary>.NET closes a file also when the last flush of its Dispose fails.</summary>
    static void Fail(string statement, System.Management.Automation.Debugger debugger)
    {
        if (statement.EndsWith(".Dispose()", StringComparison.Ordinal))
            debugger.ProcessCommand(new PSCommand().AddScript(statement), new PSDataCollection<PSObject>());
        throw new IOException("There is not enough space on the disk.");
    }

    int CurrentState()
    {
        var state = Machine.Read();
        var index = states.IndexOf(state);
        if (index >= 0) return index;
        states.Add(state);
        return states.Count - 1;
    }
}

/// <summary>Which statements of a script call something outside of it: all calls but those of functions of the script and of what only computes.</summary>
sealed class Outside
{
    static readonly string[] PureCommands = ["Where-Object", "ForEach-Object", "Set-StrictMode", "ConvertTo-Json"];
    static readonly string[] PureTypes = ["regex", "string", "BitConverter", "Math", "IO.Path", "Text.Encoding"];
    static readonly string[] PureMembers =
    [
        "Substring", "TrimEnd", "ContainsKey", "Match", "GetBaseException", "GetString", "ShouldProcess",
    ];

    readonly ScriptBlockAst script;
    readonly HashSet<string> functions;

    public Outside(string file)
    {
        script = Parser.ParseFile(file, out _, out _);
        functions = [.. script.FindAll(ast => ast is FunctionDefinitionAst, true).Select(ast => ((FunctionDefinitionAst)ast).Name)];
    }

    public bool Touches(IScriptExtent at) =>
        script.FindAll(ast => ast.Extent.StartOffset >= at.StartOffset && ast.Extent.EndOffset <= at.EndOffset && Touches(ast), true).Any();

    bool Touches(Ast ast) => ast switch
    {
        CommandAst command => command.GetCommandName() is not { } name || !(functions.Contains(name) || PureCommands.Contains(name)),
        InvokeMemberExpressionAst { Expression: TypeExpressionAst type } => !PureTypes.Contains(type.TypeName.FullName),
        InvokeMemberExpressionAst call => call.Member is not StringConstantExpressionAst member || !PureMembers.Contains(member.Value),
        _ => false,
    };
}
