import type { Tests } from '../python/callable.ts'
import { RESULT_TESTS } from './results.ts'
import { VALUE_TESTS } from './values.ts'

/** Every test by its name. A new family is a new file and a line here. */
export const TESTS: Tests = { ...VALUE_TESTS, ...RESULT_TESTS }
