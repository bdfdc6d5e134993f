using System.Management.Automation.Language;
using System.Text.Json;

namespace KeepaliveKit.PowerShellHost
{
    /// <summary>What the parser of the engine finds in script files: everything by which a script can reach beyond itself.</summary>
    static class ScriptContents
    {
        /// <summary>Prints one line of JSON for each file.</summary>
        public static int Print(IEnumerable<string> files)
        {
            foreach (var file in files)
            {
                var script = Parser.ParseFile(Path.GetFullPath(file), out _, out var errors);
                if (errors.Length > 0) throw new ArgumentException($"{file}: {errors[0].Message}");
                Console.WriteLine(JsonSerializer.Serialize(new
                {
                    functions = Texts<FunctionDefinitionAst>(script, one => one.Name),
                    // A name that is only known when the script runs is null.
                    commands = All<CommandAst>(script).Select(one => one.GetCommandName()).Distinct(),
                    unnamed = All<CommandAst>(script).Where(one => one.GetCommandName() is null)
                        .Select(one => one.CommandElements[0].Extent.Text).Distinct(),
                    calls = Texts<InvokeMemberExpressionAst>(script, one =>
                        one.Expression is TypeExpressionAst type ? $"[{type.TypeName.FullName}]::{one.Member.Extent.Text}" : $".{one.Member.Extent.Text}"),
                    types = Texts<TypeExpressionAst>(script, one => one.TypeName.FullName)
                        .Union(Texts<TypeConstraintAst>(script, one => one.TypeName.FullName))
                        .Union(Texts<ConvertExpressionAst>(script, one => one.Type.TypeName.FullName)),
                    strings = Texts<StringConstantExpressionAst>(script, one => one.Value)
                        .Union(Texts<ExpandableStringExpressionAst>(script, one => one.Value)),
                    redirections = Texts<FileRedirectionAst>(script, one => one.Extent.Text),
                }));
            }
            return 0;
        }

        static IEnumerable<T> All<T>(Ast script) where T : Ast => script.FindAll(one => one is T, searchNestedScriptBlocks: true).Cast<T>();

        static IEnumerable<string> Texts<T>(Ast script, Func<T, string> text) where T : Ast => All<T>(script).Select(text).Distinct();
    }
}
