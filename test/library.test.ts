import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startChromium } from './page/browser.ts'
import { describeWithOracle, missingPrograms, run } from './support/oracle.ts'
import { installPacked, type Installed } from './support/packed.ts'
import { PROFILES, ROOT } from './support/profiles.ts'

// Executes docs/library.md and the examples in the descriptions of the functions, from the tarball of the package.

const PAGE = readFileSync(join(ROOT, 'docs/library.md'), 'utf8')
const KIT = readFileSync(join(ROOT, 'src/library/kit.ts'), 'utf8')

interface Example {
  readonly title: string
  /** `js node` needs files, and runs in Node alone. */
  readonly language: string
  readonly code: string
  /** The output that it prints. */
  readonly output: string
}

const EXAMPLES: readonly Example[] = PAGE.split(/^## /m).flatMap((section) =>
  [...section.matchAll(/^```(js|js node|ts)\n([^]*?)^```\n\n```text\n([^]*?)^```$/gm)].map(
    ([, language = '', code = '', output = '']) => ({
      title: section.split('\n')[0] as string,
      language,
      code,
      output,
    }),
  ),
)

/** The examples in TSDoc, which continue after these lines. */
const PREPARED = "import { createKit } from 'keepalive-kit'\nconst kit = await createKit()\n"

const DESCRIBED = [...KIT.matchAll(/@example\n([^]*?) \*\/\n {2}(?:readonly )?(\w+)/g)].map(
  ([, code = '', name = '']) => ({
    name,
    code: code.replaceAll(/^ *\* ?/gm, ''),
  }),
)

describe('docs/library.md', () => {
  it('shows the output of every example', () => {
    const blocks = [...PAGE.matchAll(/^```(?:js|js node|ts)$/gm)]
    expect(EXAMPLES).toHaveLength(blocks.length)
    expect(EXAMPLES.length).toBeGreaterThan(8)
  })

  it('names every function of the kit', () => {
    const functions = [...KIT.matchAll(/^ {2}(?:readonly )?(\w+)[(:]/gm)].map(([, name]) => name as string)
    const [, everything = ''] = PAGE.split('\n## Everything\n')
    expect(functions.length).toBeGreaterThan(20)
    expect(functions.filter((name) => !everything.includes(`\`${name}\``))).toEqual([])
  })

  it('has an example in the description of every function', () => {
    const functions = [...KIT.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name as string)
    expect(DESCRIBED.map(({ name }) => name)).toEqual(functions)
  })
})

describeWithOracle('The library', missingPrograms('npm'), () => {
  let installed: Installed
  beforeAll(() => {
    installed = installPacked()
  })

  const inNode = (name: string, code: string) => {
    writeFileSync(join(installed.folder, name), code)
    return run(process.execPath, [name], { cwd: installed.folder })
  }

  describe('in Node', () => {
    it.each(EXAMPLES.filter(({ language }) => language !== 'ts'))(
      'does what its page says: $title',
      ({ code, output }) => {
        expect(inNode('example.js', code)).toEqual({ code: 0, stdout: output, stderr: '' })
      },
    )

    it('does what the descriptions of its functions say', () => {
      const all = DESCRIBED.map(({ code }) => `{\n${code}}\n`).join('')
      expect(inNode('described.js', `${PREPARED}${all}`)).toMatchObject({ code: 0, stderr: '' })
    })
  })

  describe('in TypeScript', () => {
    const OPTIONS = {
      target: 'es2022',
      lib: ['es2022', 'dom'],
      strict: true,
      types: [],
      exactOptionalPropertyTypes: true,
    }
    const MODULES = [{ module: 'nodenext' }, { module: 'esnext', moduleResolution: 'bundler' }] as const

    it.each(MODULES)('has types that need neither @types/node nor another package ($module)', (modules) => {
      const examples = EXAMPLES.filter(({ language }) => language === 'ts')
      const described = DESCRIBED.map(({ code }) => ({ code: `${PREPARED}${code}` }))
      for (const [at, { code }] of [...examples, ...described].entries())
        writeFileSync(join(installed.folder, `example-${at}.ts`), code)
      const compilerOptions = { ...OPTIONS, ...modules, skipLibCheck: false, outDir: 'compiled' }
      writeFileSync(join(installed.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
      const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
      expect(run(process.execPath, [tsc], { cwd: installed.folder })).toEqual({ code: 0, stdout: '', stderr: '' })
      for (const [at, { output }] of examples.entries())
        expect(run(process.execPath, [`compiled/example-${at}.js`], { cwd: installed.folder })).toEqual({
          code: 0,
          stdout: output,
          stderr: '',
        })
    })
  })

  describeWithOracle('in a browser', missingPrograms('chromium'), () => {
    let browser: Browser
    let server: Server
    let address: string
    beforeAll(async () => {
      browser = await startChromium()
      server = createServer(({ url = '/' }, response) => {
        const path = new URL(url, 'http://localhost').pathname
        if (path === '/empty.html') return void response.setHeader('content-type', 'text/html').end(EMPTY)
        if (path === '/page.html') return void response.setHeader('content-type', 'text/html').end(htmlExample())
        // For example the icon of the page.
        if (!path.startsWith('/node_modules/')) return void response.writeHead(204).end()
        const type = extname(path) === '.js' ? 'text/javascript' : 'application/octet-stream'
        return void response.setHeader('content-type', type).end(readFileSync(join(installed.folder, path)))
      })
      await new Promise<void>((done) => {
        server.listen(0, '127.0.0.1', done)
      })
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    })
    afterAll(async () => {
      await browser.close()
      server.close()
    })

    /** Runs a module in an empty page; returns its output, or the error. */
    const inChromium = async (code: string): Promise<string> => {
      const page = await browser.newPage()
      const printed: string[] = []
      page.on('pageerror', (error) => printed.push(`${error.message}\n`))
      page.on('console', (message) => printed.push(`${message.text()}\n`))
      try {
        await page.goto(`${address}/empty.html`)
        await ended(page, code)
        return printed.join('')
      } finally {
        await page.close()
      }
    }

    const forBrowsers = EXAMPLES.filter(({ language }) => language === 'js')
    it.each(forBrowsers)('does what its page says: $title', async ({ code, output }) => {
      expect(await inChromium(code)).toBe(output)
    })

    it('makes the same zips as in Node', async () => {
      const profiles = PROFILES.map((name) =>
        name.startsWith('preset:') ? name : readFileSync(join(ROOT, name), 'utf8'),
      )
      const code = `import { createKit } from 'keepalive-kit'
const kit = await createKit()
for (const profile of ${JSON.stringify(profiles)}) {
  const { name, zip } = kit.bundle(profile)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', zip))
  console.log(name, zip.length, Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''))
}
`
      const { code: exit, stdout } = inNode('zips.js', code)
      expect(exit).toBe(0)
      expect(stdout.trim().split('\n')).toHaveLength(profiles.length)
      expect(await inChromium(code)).toBe(stdout)
      const program = join(installed.folder, 'node_modules/.bin/keepalive-kit')
      const line = ['bundle', ...PROFILES, '--format', 'json', '--out', join(installed.folder, 'out')]
      const { bundles } = JSON.parse(run(program, line, { cwd: ROOT }).stdout) as {
        bundles: readonly { readonly sha256: string }[]
      }
      expect(bundles.map(({ sha256 }) => sha256)).toEqual(
        stdout
          .trim()
          .split('\n')
          .map((one) => one.split(' ')[2]),
      )
    })

    it('runs in the page that docs/library.md shows', async () => {
      const page = await browser.newPage()
      const wrong: string[] = []
      page.on('pageerror', (error) => wrong.push(error.message))
      await page.goto(`${address}/page.html`)
      await page.waitForSelector('a')
      expect(await page.textContent('a')).toMatch(/^beckhoff\.zip, \d+ bytes$/)
      expect(wrong).toEqual([])
      await page.close()
    })
  })
})

const EMPTY = `<!doctype html><meta charset="utf-8"><title>empty</title>
<script type="importmap">{ "imports": { "keepalive-kit": "/node_modules/keepalive-kit/dist/index.js" } }</script>`

function htmlExample(): string {
  const [, html = ''] = /^```html\n([^]*?)^```$/m.exec(PAGE) ?? []
  return html
}

/** Lets a page run a module to its end. */
async function ended(page: Page, code: string): Promise<void> {
  await page.evaluate(`new Promise((done) => {
  const script = Object.assign(document.createElement('script'), { type: 'module' })
  globalThis.moduleEnded = done
  addEventListener('error', done)
  addEventListener('unhandledrejection', done)
  script.textContent = ${JSON.stringify(`${code}\nglobalThis.moduleEnded()\n`)}
  document.head.append(script)
})`)
}
