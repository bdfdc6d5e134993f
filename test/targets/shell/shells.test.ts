import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { someOf } from '../../support/depth.ts'
import { freebsdMachine, heldAtFirst } from '../../support/freebsd-machine.ts'
import { machine, missingNamespaces } from '../../support/netns.ts'
import { describeWithOracle, missingPrograms, type Ran } from '../../support/oracle.ts'
import { block, done, linux, pairs, read, targets } from '../../support/shell-kits.ts'
import { filesOf, programOf, runScript, shells, tree } from '../../support/shells.ts'

const images = pairs.flatMap((pair) => (['tcbsd', 'linux'] as const).map((target) => ({ ...pair, target })))
for (const { shell, awk, target } of someOf(images, 8, 8)) {
  describeWithOracle(`Under ${shell} with ${awk} as awk`, missingPrograms(programOf(shell), awk), () => {
    it(`a ${target} image receives the profile once, and gets its original bytes back`, () => {
      const { kit, file, data, state } = targets[target]
      const original = { [file]: '# \xe4\r\nkern.x = 1\r\n# the end', 'etc/fstab': 'x\n' }
      const root = tree({})
      for (const [path, text] of Object.entries(original)) {
        mkdirSync(join(root, path, '..'), { recursive: true })
        writeFileSync(join(root, path), text, 'latin1')
      }
      const script = (name: string): Ran => runScript(join(kit, name), ['--root', root], { shell, awk })
      expect(script('install.sh')).toEqual(done('Profile line-4 is installed.'))
      expect(read(root, file)).toBe(target === 'linux' ? read(kit, data) : `${original[file] ?? ''}\n${block}`)
      const installed = filesOf(root)
      expect(Object.keys(installed).filter((path) => path.startsWith(state))).not.toEqual([])
      expect(script('install.sh')).toEqual(done('there was nothing to change'))
      expect(filesOf(root)).toEqual(installed)
      expect(script('check.sh')).toEqual(done('Profile line-4 is as it should be.'))
      expect(script('uninstall.sh')).toEqual(done('All is as it was at the beginning.'))
      expect(filesOf(root)).toEqual(original)
    })
  })
}

const machines = shells.flatMap((shell) => (['TC/BSD', 'Linux'] as const).map((system) => ({ shell, system })))
for (const { shell, system } of someOf(machines, 5, 5)) {
  describeWithOracle(`On a machine with ${shell}`, missingPrograms(programOf(shell)) ?? missingNamespaces(), () => {
    const steps = ['install', 'check', 'uninstall']
    const code = steps.map((step) => `${shell} "$KIT/${step}.sh" >/dev/null; echo "${step} $?"`).join('\n')
    const expected = { code: 0, stdout: 'install 0\ncheck 0\nuninstall 0\n', stderr: '' }

    it(`the ${system} scripts apply the profile and restore the prior state`, () => {
      if (system === 'Linux') return expect(machine({}, { KIT: linux.kit }).run(code)).toEqual(expected)
      const plant = freebsdMachine({ files: { 'sysctl.conf': 'a=1' } })
      expect(plant.run(code)).toEqual(expected)
      expect(plant.held()).toBe(heldAtFirst)
      expect(read(plant.etc, 'sysctl.conf')).toBe('a=1')
    })
  })
}
