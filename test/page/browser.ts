import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { which } from '../support/oracle.ts'

/** Starts the system's own Chromium; the caller must close it. */
export function startChromium(): Promise<Browser> {
  // Its sandbox refuses to run for root.
  return chromium.launch({ executablePath: which('chromium') ?? 'chromium', args: ['--no-sandbox'] })
}

/** Takes a picture of a whole page, for people to look at, if PAGE_PICTURES names a folder for them. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env['PAGE_PICTURES']
  if (folder !== undefined) await page.screenshot({ path: join(folder, name), fullPage: true })
}

/** A page opened from a file, and every address that it requested. */
export interface Opened {
  readonly page: Page
  readonly requests: readonly string[]
  readonly complaints: readonly string[]
  readonly address: string
}

/** Opens HTML as a reader does who received it by mail: from a file, without a network. */
export async function open(browser: Browser, html: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const file = join(mkdtempSync(join(tmpdir(), 'keepalive-kit-page-')), 'page.html')
  writeFileSync(file, html)
  const context = await browser.newContext({ viewport: { width: 1_100, height: 900 }, offline: true, ...options })
  const page = await context.newPage()
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  const address = pathToFileURL(file).href
  await page.goto(address)
  return { page, requests, complaints, address }
}
