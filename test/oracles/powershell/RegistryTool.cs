using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.Win32;

namespace KeepaliveKit.PowerShellHost;

/// <summary>
/// Trouble that an import could give: set from the command line, so that the scripts can be seen to undo what they did. The
/// first import fares so; the next one, which puts back what was there, runs as it is.
/// </summary>
public static class RegistryTool
{
    /// <summary>The value that reg.exe cannot write: it writes the others, and fails.</summary>
    internal static string? Refused { get; set; }

    /// <summary>The value that is something else once it was written, as where a policy or another program wins.</summary>
    internal static string? Altered { get; set; }

    internal static void Attach(Runspace runspace)
    {
        if (Refused is null && Altered is null) return;
        runspace.SessionStateProxy.InvokeCommand.PreCommandLookupAction = (_, lookup) =>
        {
            if (lookup.CommandName.EndsWith(@"\reg.exe", StringComparison.OrdinalIgnoreCase))
                lookup.CommandScriptBlock = ScriptBlock.Create($"$global:LASTEXITCODE = [{typeof(RegistryTool).FullName}]::Run('{lookup.CommandName}', $args[0])");
        };
    }

    public static int Run(string program, string[] arguments)
    {
        var (refused, altered) = (Refused, Altered);
        if (arguments[0] == "import")
        {
            (Refused, Altered) = (null, null);
            if (refused is not null)
                File.WriteAllLines(arguments[1], File.ReadAllLines(arguments[1]).Where(line => !line.Contains(refused)), System.Text.Encoding.Unicode);
        }
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (arguments[0] != "import") return process.ExitCode;
        if (altered is not null)
            Registry.SetValue(@"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters", altered, 1234, RegistryValueKind.DWord);
        return refused is null ? process.ExitCode : 1;
    }
}
