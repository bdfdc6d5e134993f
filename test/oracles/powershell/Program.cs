using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Text.Json;
using KeepaliveKit.PowerShellHost;

// pw.exe --parse SCRIPT...
// pw.exe --contents SCRIPT...
// pw.exe --each FILE
// pw.exe --serve FOLDER
// pw.exe [--not-elevated] [--refuse] [--alter VALUE]
//        [--state FILE] [--report FILE] [--look] [--kill-at N] [--fail-at N] SCRIPT ARGUMENT...

Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1"); // tests report to nobody
Console.Error.WriteLine("begun"); // who does not see it knows that no script has run
if (args is ["--parse", .. var files]) return Syntax.Check(files);
if (args is ["--contents", .. var scripts]) return ScriptContents.Print(scripts);
if (args is ["--each", var list]) return Each.Run(list);
if (args is ["--serve", var folder]) Each.Serve(folder);
var code = Order.Run(args);
Console.Out.Flush();
Console.Error.WriteLine($"exit code: {code}"); // whole: a Unix parent sees the lowest 8 bits of the real one only
return code;

namespace KeepaliveKit.PowerShellHost
{
    /// <summary>One script, and the trouble that is ordered for it.</summary>
    static class Order
    {
        public static int Run(IEnumerable<string> args)
        {
            var arguments = new Queue<string>(args);
            var stepper = new Stepper();
            while (arguments.TryPeek(out var option) && option.StartsWith("--", StringComparison.Ordinal))
            {
                arguments.Dequeue();
                switch (option)
                {
                    case "--not-elevated": LimitedToken.Use(); break;
                    case "--refuse": stepper.Refuse = true; break;
                    case "--alter": stepper.Alter = arguments.Dequeue(); break;
                    case "--state": Machine.Write(File.ReadAllText(arguments.Dequeue())); break;
                    case "--look": stepper.Look = true; break;
                    case "--report": stepper.Report = arguments.Dequeue(); break;
                    case "--kill-at": stepper.KillAt = int.Parse(arguments.Dequeue()); break;
                    case "--fail-at": stepper.FailAt = int.Parse(arguments.Dequeue()); break;
                    default: throw new ArgumentException($"unknown option {option}");
                }
            }
            var code = ScriptFile.Run(Path.GetFullPath(arguments.Dequeue()), arguments, stepper);
            stepper.Finish();
            return code;
        }
    }

    /// <summary>Many scripts one after the other, each with a new runspace, which saves the start of a process.</summary>
    static class Each
    {
        /// <summary>A line of the file is the arguments of one, as JSON; a line of FILE.out its code and what it said.</summary>
        public static int Run(string list)
        {
            using var answers = new StreamWriter($"{list}.out");
            foreach (var line in File.ReadLines(list))
            {
                answers.WriteLine(Answer(line));
            }
            return 0;
        }

        /// <summary>Waits for FOLDER\request with one such line, and writes its answer to FOLDER\answer, until the process is ended.</summary>
        [DoesNotReturn]
        public static void Serve(string folder)
        {
            var (request, fresh, answer) = (Path.Combine(folder, "request"), Path.Combine(folder, "answer.new"), Path.Combine(folder, "answer"));
            for (; ; Thread.Sleep(5))
            {
                if (!File.Exists(request)) continue;
                var line = File.ReadAllText(request);
                File.Delete(request);
                File.WriteAllText(fresh, Answer(line));
                File.Move(fresh, answer);
            }
        }

        static string Answer(string line)
        {
            using var stdout = new StringWriter();
            using var stderr = new StringWriter();
            Console.SetOut(stdout);
            Console.SetError(stderr);
            var code = Order.Run(JsonSerializer.Deserialize<string[]>(line)!);
            // A run that failed may not have closed its files, which the end of a process would have done.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return JsonSerializer.Serialize(new { code, stdout = stdout.ToString(), stderr = stderr.ToString() });
        }
    }

    /// <summary>Runs a script file as <c>powershell -NoProfile -NonInteractive -File SCRIPT ARGUMENT...</c> does.</summary>
    static class ScriptFile
    {
        public static int Run(string script, IEnumerable<string> arguments, Stepper stepper)
        {
            var state = InitialSessionState.CreateDefault(); // every cmdlet from the start: $PSHOME has no modules
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
            state.ThreadOptions = PSThreadOptions.UseCurrentThread; // so that a limited token on this thread counts

            var host = new RedirectedHost();
            using var runspace = RunspaceFactory.CreateRunspace(host, state);
            runspace.Open();
            Runspace.DefaultRunspace = runspace;
            stepper.Attach(runspace, script);

            var command = new Command(script, isScript: false, useLocalScope: false);
            command.MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
            foreach (var parameter in Parameters(arguments)) command.Parameters.Add(parameter);

            using var pipeline = runspace.CreatePipeline();
            pipeline.Commands.Add(command);
            pipeline.Commands.Add(new Command("Out-Default"));
            try
            {
                pipeline.Invoke();
            }
            catch (RuntimeException error)
            {
                host.UI.WriteErrorLine(error.ErrorRecord.ToString());
                return 1;
            }
            return host.ExitCode ?? (runspace.SessionStateProxy.GetVariable("LASTEXITCODE") as int? ?? 0);
        }

        /// <summary>Reads arguments as the console host does: <c>-Name</c>, <c>-Name:value</c>, <c>-Name: value</c>; the rest by position.</summary>
        static IEnumerable<CommandParameter> Parameters(IEnumerable<string> arguments)
        {
            string? pending = null;
            foreach (var argument in arguments)
            {
                if (pending is not null)
                {
                    yield return new CommandParameter(pending, argument);
                    pending = null;
                }
                else if (argument.Length < 2 || argument[0] != '-') yield return new CommandParameter(null, argument);
                else if (argument.EndsWith(':')) pending = argument.TrimEnd(':');
                else if (argument.IndexOf(':') is var colon and > 0)
                    yield return new CommandParameter(argument[..colon], Truth(argument[(colon + 1)..]));
                else yield return new CommandParameter(argument);
            }
        }

        static object Truth(string text) => text.ToLowerInvariant() switch
        {
            "$true" or "true" => true,
            "$false" or "false" => false,
            _ => text,
        };
    }

    /// <summary>What the parser of the engine says about files, and what only PowerShell 7 would understand.</summary>
    static class Syntax
    {
        static readonly TokenKind[] SevenOnly =
        [
            TokenKind.QuestionQuestion, TokenKind.QuestionQuestionEquals, TokenKind.QuestionDot, TokenKind.QuestionLBracket,
            TokenKind.QuestionMark, TokenKind.AndAnd, TokenKind.OrOr, TokenKind.Clean, TokenKind.Default,
        ];

        public static int Check(IEnumerable<string> files)
        {
            var faults = 0;
            foreach (var file in files)
            {
                Parser.ParseFile(Path.GetFullPath(file), out var tokens, out var errors);
                foreach (var error in errors) Say(error.Extent, error.Message);
                foreach (var token in tokens.Where(token => SevenOnly.Contains(token.Kind)))
                    Say(token.Extent, $"{token.Text} is not known to Windows PowerShell 5.1");
            }
            return faults == 0 ? 0 : 1;

            void Say(IScriptExtent at, string what)
            {
                faults++;
                Console.WriteLine($"{Path.GetFileName(at.File)}:{at.StartLineNumber}:{at.StartColumnNumber}: {what}");
            }
        }
    }
}
