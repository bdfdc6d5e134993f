import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { differencePage } from '../../src/review/page/page.ts'
import { templates } from '../support/build.ts'
import { Desk, LINE4 } from '../support/cli.ts'
import { describeWithOracle, missingPrograms } from '../support/oracle.ts'
import { open, startChromium, takePicture } from './browser.ts'
import { DIFFERENCE, everyDeviceItsOwnGroup } from './differences.ts'

/** Machines that run tests are slow. */
const PATIENCE = { timeout: 30_000 }

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The findings of axe-core, one line each. */
async function findings(page: Page): Promise<readonly string[]> {
  // The debugger evaluates this, so the policy of the page does not apply.
  await page.evaluate(AXE)
  const { violations } = await page.evaluate<AxeResults>('axe.run()')
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

/** Types into the filter and waits for its answer. */
async function filter(page: Page, words: string): Promise<string> {
  await page.evaluate(`document.getElementById('found').value = ''`)
  await page.fill('#words', words)
  await expect.poll(() => page.textContent('#found'), PATIENCE).toMatch(/[^…]$/)
  return (await page.textContent('#found'))?.replaceAll('\u00a0', ' ') ?? ''
}

const shown = (page: Page) => page.locator('article:visible h3').allTextContents()

describeWithOracle('Chromium', missingPrograms('chromium'), () => {
  let browser: Browser
  let pages: Readonly<Record<string, string>> = {}
  beforeAll(async () => {
    browser = await startChromium()
    const { out } = await new Desk({ 'line4.yaml': LINE4 }).type('explain line4.yaml --format html')
    pages = { difference: differencePage(templates, DIFFERENCE), explanation: out }
  })
  afterAll(() => browser.close())
  const opened = (name: string, options: BrowserContextOptions = {}) => open(browser, pages[name] as string, options)

  describe.each(['difference', 'explanation'])('the page of the %s', (name) => {
    it.each<readonly [string, BrowserContextOptions]>([
      ['light', { colorScheme: 'light' }],
      ['dark', { colorScheme: 'dark' }],
      ['forced-colors', { forcedColors: 'active' }],
      ['narrow', { viewport: { width: 360, height: 800 } }],
    ])('passes axe-core, requests nothing, and fits the window: %s', async (scheme, options) => {
      const { page, requests, complaints, address } = await opened(name, options)
      await takePicture(page, `${name}-${scheme}.png`)
      expect(await findings(page)).toEqual([])
      expect({ requests, complaints }).toEqual({ requests: [address], complaints: [] })
      const [width, room] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      )
      expect(width).toBe(room)
      await page.context().close()
    })

    it('is complete without script, and shows no filter', async () => {
      const { page } = await opened(name, { javaScriptEnabled: false })
      expect(await page.locator('form').isVisible()).toBe(false)
      expect(await page.locator('article table').count()).toBe(name === 'difference' ? 4 : 5)
      const details = page.locator('details').first()
      await details.locator('summary').click()
      expect(await details.locator('li').first().isVisible()).toBe(true)
      await page.context().close()
    })

    it.each([true, false])('prints with all details open; script: %s', async (javaScriptEnabled) => {
      const { page } = await opened(name, { javaScriptEnabled })
      await page.emulateMedia({ media: 'print' })
      const items = page.locator('details li')
      expect(await items.count()).toBeGreaterThan(0)
      for (const item of [items.first(), items.last()]) expect((await item.boundingBox())?.height).toBeGreaterThan(0)
      expect(await page.locator('#words').isVisible()).toBe(false)
      expect(await page.pdf({ format: 'A4' })).not.toHaveLength(0)
      await page.context().close()
    })
  })

  it('blocks foreign scripts and images, by the policy of the page', async () => {
    const { page, complaints } = await opened('difference')
    await page.evaluate(`{
      const script = document.createElement('script')
      script.textContent = 'document.title = "changed"'
      const image = document.createElement('img')
      image.src = 'https://example.invalid/x.png'
      document.body.append(script, image)
    }`)
    expect(await page.title()).toBe('Changes: main:profiles → profiles/')
    await expect.poll(() => complaints.length, PATIENCE).toBe(2)
    expect(complaints.every((complaint) => complaint.includes('Content Security Policy'))).toBe(true)
    await page.context().close()
  })

  it('goes by keyboard to the filter and into a list', async () => {
    const { page } = await opened('difference')
    const focused = () => page.evaluate<string>('document.activeElement.id || document.activeElement.textContent')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Skip to the list')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('words')
    await page.keyboard.type('gateway-07')
    await expect.poll(() => page.textContent('#found'), PATIENCE).toBe('1 of 4 groups, 1 device')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('group 4')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.locator('li:has-text("tcbsd/keepalive.sysctl.conf")').isVisible()).toBe(true)
    const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle')
    expect(outline).toBe('solid')
    await page.context().close()
  })

  it('gives a screen reader the content of the drawing', async () => {
    const { page } = await opened('difference')
    const drawing = page.getByRole('img', { name: 'Idle, probes and drop' }).first()
    expect(await drawing.locator('desc').textContent()).toBe(
      [
        'before: the first probe is sent 2 h after the last data, 10 probes, 1 s apart; if none is answered, the connection is dropped 2 h 10 s after the last data.',
        'after: the first probe is sent 20 s after the last data, 10 probes, 5 s apart; if none is answered, the connection is dropped 70 s after the last data.',
      ].join(' '),
    )
    expect(await page.locator('#found').getAttribute('aria-live')).toBe('polite')
    await page.context().close()
  })

  it('filters groups by their text and devices by name', async () => {
    const { page } = await opened('difference')
    expect(await filter(page, 'keepalivetime')).toBe('2 of 4 groups, 4 devices')
    expect(await shown(page)).toEqual(['packaging-line-4 on windows', 'panel-1, panel-2, panel-3 on windows-ce'])
    expect(await filter(page, 'LINUX  press-hall-119')).toBe('1 of 4 groups, 10 devices')
    const names = await page.locator('.devices li:visible').allTextContents()
    expect(names).toEqual(Array.from({ length: 10 }, (_, index) => `press-hall-119${index}`))
    expect(await page.locator('.devices summary:visible').allTextContents()).toEqual(['1\u00a0200 devices (10 shown)'])
    expect(await filter(page, 'windows press-hall')).toBe('Nothing matches.')
    expect(await shown(page)).toEqual([])
    expect(await filter(page, ' ')).toBe('All 4 groups, 1 216 devices')
    expect(await page.locator('.devices[open]').count()).toBe(0)
    await page.context().close()
  })

  it.each([true, false])(
    'shows every entry of a long list, and follows links to them; script: %s',
    async (javaScriptEnabled) => {
      const html = differencePage(templates, everyDeviceItsOwnGroup(600))
      const { page, address } = await open(browser, html, { javaScriptEnabled })
      await page.goto(`${address}#n590`)
      await expect.poll(() => page.locator('#n590').isVisible(), PATIENCE).toBe(true)
      await expect.poll(() => page.locator('article').count(), PATIENCE).toBe(600)
      await page.context().close()
    },
  )

  it('opens and filters ten thousand devices without common settings', async () => {
    const { page } = await open(browser, differencePage(templates, everyDeviceItsOwnGroup(10_000)))
    const navigation = await page.evaluate<string>(`(() => {
      const [{ domInteractive, loadEventEnd }] = performance.getEntriesByType('navigation')
      const [paint] = performance.getEntriesByType('paint')
      return [paint.startTime, domInteractive, loadEventEnd].map(Math.round).join(', ')
    })()`)
    const time = await page.evaluate<number>(`new Promise((done) => {
      const words = document.getElementById('words')
      const began = performance.now()
      new MutationObserver(() => document.getElementById('found').value !== 'Searching…' && requestAnimationFrame(() => done(Math.round(performance.now() - began)))).observe(
        document.getElementById('found'),
        { childList: true },
      )
      words.value = 'device-04711'
      words.dispatchEvent(new Event('input'))
    })`)
    console.log(`10 000 groups: first paint, interactive, loaded after ${navigation} ms; first search in ${time} ms`)
    expect(await filter(page, 'device-04711')).toBe('1 of 10 000 groups, 1 device')
    expect(await shown(page)).toEqual(['device-04711 on windows'])
    expect(await filter(page, '')).toBe('All 10 000 groups, 10 000 devices')
    // The value of one device, and the name of another.
    expect(await filter(page, '5710')).toBe('2 of 10 000 groups, 2 devices')
    expect(await shown(page)).toEqual(['device-04711 on windows', 'device-05710 on windows'])
    await page.context().close()
  })
})
