import { stopScripts } from '../support/shell-scenarios.ts'

stopScripts('tcbsd')
