import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Suites that take minutes: installers on machines. All others take seconds. */
const SLOW = /^(?:faults|targets|installers|page|ci)\//

/** Starts the slow suites first, so that no single one runs on at the end while other processors wait. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- a sequencer is no array
    const sorted = await super.sort(files)
    const isSlow = ({ moduleId }: TestSpecification) =>
      SLOW.test(relative(this.ctx.config.root, moduleId).replaceAll('\\', '/'))
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))]
  }
}
