import { DefaultReporter, type TestCase, type TestModule, type TestSpecification, type TestSuite } from 'vitest/node'

/**
 * The usual report with the number of finished files at the beginning of each line, because the usual counts do not move
 * outside of a terminal, as in a log. `leftOut` is printed at the end.
 */
export class Progress extends DefaultReporter {
  #files = 0
  #done = 0
  readonly #leftOut: string | undefined

  constructor(leftOut?: string) {
    super()
    this.#leftOut = leftOut
  }

  override onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#files = specifications.length
    this.#done = 0
    super.onTestRunStart(specifications)
  }

  override onTestModuleEnd(module: TestModule): void {
    this.#done += 1
    super.onTestModuleEnd(module)
  }

  override onTestRunEnd(...run: Parameters<DefaultReporter['onTestRunEnd']>): void {
    super.onTestRunEnd(...run)
    if (this.#leftOut !== undefined) this.log(`${this.#leftOut}\n`)
  }

  protected override getEntityPrefix(entity: TestCase | TestModule | TestSuite): string {
    const prefix = super.getEntityPrefix(entity)
    if (entity.type !== 'module') return prefix
    return `${String(this.#done).padStart(String(this.#files).length)}/${this.#files} ${prefix}`
  }
}
