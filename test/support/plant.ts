import { freebsdMachine } from './freebsd-machine.ts'
import { machine } from './netns.ts'
import { targets } from './shell-kits.ts'

/** A machine of the test's own that runs stories: sh code with the functions of `words`. */
export interface Plant {
  readonly etc: string
  readonly var: string
  /** Runs a story; `said` is its standard output with `; ` between the lines, `stderr` its whole standard error. */
  tell(...story: readonly string[]): { readonly said: string; readonly stderr: string }
}

/**
 * The functions of a story. They drop a script's standard output and print its name and exit code, such as `install 1`.
 */
const words = `
run() { script=$1; shift; $SHELL_UNDER_TEST "$KIT/$script.sh" "$@" >/dev/null; echo "$script $?"; }
install() { run install "$@"; }
uninstall() { run uninstall "$@"; }
check() { run check "$@"; }
version() { KIT=$(eval "echo \\$$1"); }
files() { find /etc /var -mindepth 1 -printf '%p %y %m %U:%G %l\\n' | sort; find /etc /var -type f -exec cksum {} + | sort -k 3; }
state() { values; files; }
remember() { state >"$NOTES/$1"; }
same_as() { if state | cmp -s - "$NOTES/$1"; then echo "as $1"; else echo "NOT as $1:"; state | diff "$NOTES/$1" -; fi; }
`

const systems = {
  linux: {
    values:
      'values() { echo $(cd /proc/sys/net/ipv4 && cat tcp_keepalive_time tcp_keepalive_intvl tcp_keepalive_probes); }',
    set: 'set_value() { echo "$2" >/proc/sys/net/ipv4/tcp_keepalive_$1; }',
  },
  tcbsd: {
    values:
      'values() { echo $(cd "$KERNEL" && cat net.inet.tcp.keepidle net.inet.tcp.keepintvl net.inet.tcp.keepcnt net.inet.tcp.keepinit net.inet.tcp.always_keepalive); }',
    set: 'set_value() { echo "$2" >"$KERNEL/net.inet.tcp.$1"; }',
  },
} as const

export function plantOf(
  target: 'linux' | 'tcbsd',
  options: {
    readonly shell?: string
    readonly files?: Readonly<Record<string, string>>
    /** Additional folders of scripts, which `version NAME` selects instead of `KIT`. */
    readonly kits?: Readonly<Record<string, string>>
    readonly programs?: Readonly<Record<string, string>>
    readonly hz?: number
  } = {},
): Plant {
  const { shell = 'dash', files = {}, kits = {}, programs = {}, hz = 1_000 } = options
  const env = { KIT: targets[target].kit, SHELL_UNDER_TEST: shell, ...kits }
  const made = target === 'linux' ? machine(files, env, programs) : freebsdMachine({ hz, files, env, programs })
  const { values, set } = systems[target]
  return {
    etc: made.etc,
    var: made.var,
    tell: (...story) => {
      const { stdout, stderr } = made.run(['NOTES=$(mktemp -d)', words, values, set, ...story].join('\n'))
      return { said: stdout.trimEnd().replaceAll('\n', '; '), stderr }
    },
  }
}
