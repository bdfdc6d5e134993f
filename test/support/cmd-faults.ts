/**
 * Copies of a cmd script with one fault. A call before each command triggers the fault at the chosen command; at all
 * others it changes nothing, not even the error level.
 */

/** A fault at the `time`-th execution of a line, counted from 1; lines are counted from 0. */
export interface Fault {
  /** `stop`: cmd.exe ends before the line. `fail`: the line is not executed and its error level is 1. */
  readonly kind: 'stop' | 'fail'
  readonly line: number
  readonly time: number
}

/** Where `looking` stores the states that it sees, and the program that exports the registry. */
export interface Look {
  /**
   * The Windows path of the output: a file `steps.txt` with the line number of each step, and a folder for each step.
   */
  readonly folder: string
  readonly key: string
  readonly record: string
  readonly reg: string
}

/**
 * The script with a look at the registry before every command: it finds the state that a stop there would leave. With
 * `every` false it only records the commands.
 */
export function looking(script: string, { folder, key, record, reg }: Look, every: boolean): string {
  const look = [
    String.raw`mkdir "${folder}\%FAULT_STEP%" >nul 2>nul`,
    String.raw`"${reg}" export "${key}" "${folder}\%FAULT_STEP%\key.reg" /y >nul 2>nul`,
    String.raw`"${reg}" export "${record}" "${folder}\%FAULT_STEP%\record.reg" /y >nul 2>nul`,
  ]
  return [
    edited(script, (line, number) => `call :fault_look ${number}\r\n${line}`).replace(
      '@echo off\r\n',
      '@echo off\r\nset "FAULT_STEP=0"\r\n',
    ),
    ':fault_look',
    'set "FAULT_CODE=%errorlevel%"',
    'set /a FAULT_STEP+=1',
    String.raw`>>"${folder}\steps.txt" echo %1`,
    ...(every ? look : []),
    'exit /b %FAULT_CODE%',
    '',
  ].join('\r\n')
}

/** The script with a copy of each import file, as `C:\do.reg` and `C:\undo.reg`. */
export function showing(script: string): string {
  return script.replace(
    ':import\r\n',
    String.raw`:import` + '\r\n' + String.raw`copy "%WORK%\%1.reg" C:\%1.reg >nul 2>nul` + '\r\n',
  )
}

/** The script with one fault. */
export function faulty(script: string, { kind, line, time }: Fault): string {
  const hook = 'call :fault_injector'
  const body = edited(script, (text, number) => {
    if (number !== line) return text
    if (kind === 'stop') return `${hook}\r\n${text}`
    return `${hook}\r\nif defined FAULTY cmd /c exit 1\r\nif not defined FAULTY ${text}`
  })
  return [
    body.replace('@echo off\r\n', `@echo off\r\nset "FAULT_COUNT=${time}"\r\n`),
    ':fault_injector',
    'set "FAULT_CODE=%errorlevel%"',
    'set "FAULTY="',
    'set /a FAULT_COUNT-=1',
    kind === 'stop' ? 'if "%FAULT_COUNT%"=="0" exit 99' : 'if "%FAULT_COUNT%"=="0" set "FAULTY=1"',
    'exit /b %FAULT_CODE%',
    '',
  ].join('\r\n')
}

/**
 * Edits every line that is a command. A block in parentheses counts as one: in these scripts it only sets variables.
 */
function edited(script: string, edit: (line: string, number: number) => string): string {
  let inBlock = false
  return script
    .split('\r\n')
    .map((line, number) => {
      const command = number > 0 && /^[^\s:)]/.test(line) && !/^rem\b/.test(line) && !inBlock
      inBlock = line.endsWith('(') || (inBlock && line !== ')')
      return command ? edit(line, number) : line
    })
    .join('\r\n')
}
