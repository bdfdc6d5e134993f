import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Desk } from '../support/cli.ts'
import { describeWithOracle, missingPrograms } from '../support/oracle.ts'
import { open, startChromium, takePicture } from './browser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const OLD =
  'name: packaging-line-4\nidle: 5min\ninterval: 1s\noverrides:\n  linux: { probes: 9 }\n  tcbsd: { always: true }\n'
const NEW =
  'name: packaging-line-4\nidle: 4min\ninterval: 2s\noverrides:\n  linux: { probes: 5 }\n  tcbsd: { probes: 6 }\n'

/** Pages of `diff --format html`: of two profiles, and of two outputs with an edited script and an edited README.txt. */
async function pages(): Promise<Readonly<Record<'profiles' | 'outputs', string>>> {
  const desk = new Desk({ 'old.yaml': OLD, 'new.yaml': NEW })
  await desk.type('generate old.yaml --out old')
  await desk.type('generate new.yaml --out new')
  await desk.type('generate old.yaml --out touched')
  for (const path of ['linux/install.sh', 'README.txt']) {
    const file = join(desk.folder, 'touched/packaging-line-4', path)
    writeFileSync(file, `${readFileSync(file, 'utf8')}# one line more\n`)
  }
  return {
    profiles: (await desk.type('diff old.yaml new.yaml --format html')).out,
    outputs: (await desk.type('diff old touched --format html')).out,
  }
}

/** The findings of axe-core, one line each. */
async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate<AxeResults>('axe.run()')
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

describeWithOracle('diff --format html in Chromium', missingPrograms('chromium'), () => {
  let browser: Browser
  let made: Awaited<ReturnType<typeof pages>>
  beforeAll(async () => {
    browser = await startChromium()
    made = await pages()
  })
  afterAll(() => browser.close())

  it.each([
    ['profiles', 'light'],
    ['profiles', 'dark'],
    ['outputs', 'light'],
    ['outputs', 'dark'],
  ] as const)('for two %s passes axe-core and requests nothing: %s', async (which, colorScheme) => {
    const { page, requests, complaints, address } = await open(browser, made[which], { colorScheme })
    await takePicture(page, `diff-${which}-${colorScheme}.png`)
    expect(await findings(page)).toEqual([])
    expect({ requests, complaints }).toEqual({ requests: [address], complaints: [] })
    await page.context().close()
  })

  it('shows old and new values, consequences and a drawing for each target of two profiles', async () => {
    const { page } = await open(browser, made.profiles)
    expect(await page.title()).toBe('Changes: old.yaml → new.yaml')
    const counts = await page.locator('.counts li').allTextContents()
    expect(counts).toEqual(['1 device changes', '5 groups of equal changes', '5 targets', '0 devices stay as they are'])
    expect((await page.locator('article h3').allTextContents()).toSorted()).toEqual(
      ['linux', 'tcbsd', 'windows', 'windows-ce', 'windows-xp'].map((target) => `packaging-line-4 on ${target}`),
    )
    const windows = page.locator('article', { has: page.getByRole('heading', { name: /on windows$/ }) })
    expect(await windows.locator('td').allTextContents()).toEqual([
      '300000 ms (5 min, 0x493e0) ',
      '240000 ms (4 min, 0x3a980)',
      '1000 ms (1 s, 0x3e8) ',
      '2000 ms (2 s, 0x7d0)',
    ])
    expect(await windows.locator('.facts li').allTextContents()).toEqual([
      'A dead peer is noticed after 4 min 20 s instead of 5 min 10 s.',
      'The settings take effect when the machine restarts.',
    ])
    expect(await windows.locator('svg desc').textContent()).toBe(
      [
        'before: the first probe is sent 5 min after the last data, 10 probes, 1 s apart; if none is answered, the connection is dropped 5 min 10 s after the last data.',
        'after: the first probe is sent 4 min after the last data, 10 probes, 2 s apart; if none is answered, the connection is dropped 4 min 20 s after the last data.',
      ].join(' '),
    )
    await page.context().close()
  })

  it('lists the files of two outputs, those with and those without a target', async () => {
    const { page } = await open(browser, made.outputs)
    expect(await page.locator('article h3').allTextContents()).toEqual([
      'packaging-line-4 on linux',
      'packaging-line-4 on every target',
    ])
    expect(await page.locator('article svg').count()).toBe(0)
    expect(await page.locator('article details li').allTextContents()).toEqual([
      'linux/install.sh text: 0 lines out, 1 in',
      'README.txt text: 0 lines out, 1 in',
    ])
    await page.context().close()
  })
})
