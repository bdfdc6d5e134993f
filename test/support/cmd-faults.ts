import { WORKING } from './cmd.ts'

/**
 * Copies of a cmd script in which one thing goes wrong. Before each command stands a line that is false unless it is
 * meant, and so changes nothing, no error level either.
 */

/** The `time`-th execution of a line, counted from 1; lines are counted from 0, as in the script. */
export interface Fault {
  /** `stop`: cmd.exe ends before the line. `fail`: the line is not executed and its error level is 1. */
  readonly kind: 'stop' | 'fail'
  readonly line: number
  readonly time: number
}

/** What the scripts may have in the folder of the record. */
const RECORDED = ['before.reg', 'installed.reg', 'previous.reg'].flatMap((file) => [file, `${file}.new`])

/** Where `looking` leaves what it sees, and the program that it exports the registry with. */
export interface Look {
  /** The folder, as Windows names it: a file `steps.txt` with the number of each line, and for each step a folder. */
  readonly folder: string
  readonly key: string
  readonly record: string
  /** The folder of the lock, and of what a script works with. */
  readonly working: string
  readonly reg: string
}

/**
 * The script, looking at the machine before every command: what it finds is what a stop there would leave. With `every`
 * false it only notes the commands.
 */
export function looking(script: string, { folder, key, record, working, reg }: Look, every: boolean): string {
  const copies = (from: string, files: readonly string[]) => [
    String.raw`for %%F in (${files.join(' ')}) do if exist "${from}\%%F" copy "${from}\%%F" "${folder}\%FAULT_STEP%\%%F" >nul 2>nul`,
  ]
  const look = [
    String.raw`mkdir "${folder}\%FAULT_STEP%" >nul 2>nul`,
    String.raw`"${reg}" export "${key}" "${folder}\%FAULT_STEP%\key.reg" /y >nul 2>nul`,
    ...copies(record, RECORDED),
    ...copies(
      working,
      WORKING.filter((file) => file !== 'lock.txt'),
    ),
    // Nobody else can read what the lock says while it is held.
    String.raw`if exist "${working}\lock.txt" >"${folder}\%FAULT_STEP%\lock.txt" echo.`,
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

/** Every line that is a command. A block in brackets is one: what stands in it here only sets variables. */
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
