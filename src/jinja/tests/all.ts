import type { Tests } from '../python/callable.ts'
import { FILE_TESTS } from './files.ts'
import { NETWORK_TESTS } from './networks.ts'
import { REGEX_TESTS } from './regex.ts'
import { RESULT_TESTS } from './results.ts'
import { URL_TESTS } from './urls.ts'
import { VALUE_TESTS } from './values.ts'
import { VERSION_TESTS } from './versions.ts'

/** Every test by its name. A new family is a new file and a line here. */
export const TESTS: Tests = {
  ...VALUE_TESTS,
  ...RESULT_TESTS,
  ...REGEX_TESTS,
  ...VERSION_TESTS,
  ...FILE_TESTS,
  ...URL_TESTS,
  ...NETWORK_TESTS,
}
