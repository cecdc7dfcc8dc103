import { type Filters, native } from '../python/callable.ts'
import { VERSION_SIGNATURE, version } from '../tests/versions.ts'
import { CHANCE_FILTERS } from './chance.ts'
import { CHOICE_FILTERS } from './choices.ts'
import { COMBINATION_FILTERS } from './combinations.ts'
import { DICT_FILTERS } from './dicts.ts'
import { ENCODING_FILTERS } from './encodings.ts'
import { FORMAT_FILTERS } from './formats.ts'
import { LIST_FILTERS } from './lists.ts'
import { MATH_FILTERS } from './math.ts'
import { NETWORK_FILTERS } from './network.ts'
import { MORE_NETWORK_FILTERS } from './networks.ts'
import { PASSWORD_FILTERS } from './passwords.ts'
import { PATH_FILTERS } from './paths.ts'
import { QUERY_FILTERS } from './query.ts'
import { RECORD_FILTERS } from './records.ts'
import { REGEX_FILTERS } from './regex.ts'
import { SET_FILTERS } from './sets.ts'
import { STRING_FILTERS } from './strings.ts'
import { TABLE_FILTERS } from './tables.ts'
import { TIME_FILTERS } from './time.ts'
import { UNIT_FILTERS } from './units.ts'
import { URL_FILTERS } from './urls.ts'
import { VALUE_FILTERS } from './values.ts'
import { VAULT_FILTERS } from './vaults.ts'

/** Tests that old playbooks write as filters. */
const OLD_TESTS: Filters = { version_compare: native(VERSION_SIGNATURE, version) }

/** Every filter by its name. A new family is a new file and a line here. */
export const FILTERS: Filters = {
  ...VALUE_FILTERS,
  ...STRING_FILTERS,
  ...REGEX_FILTERS,
  ...LIST_FILTERS,
  ...SET_FILTERS,
  ...DICT_FILTERS,
  ...CHOICE_FILTERS,
  ...COMBINATION_FILTERS,
  ...FORMAT_FILTERS,
  ...ENCODING_FILTERS,
  ...PATH_FILTERS,
  ...CHANCE_FILTERS,
  ...TIME_FILTERS,
  ...UNIT_FILTERS,
  ...MATH_FILTERS,
  ...URL_FILTERS,
  ...PASSWORD_FILTERS,
  ...NETWORK_FILTERS,
  ...MORE_NETWORK_FILTERS,
  ...QUERY_FILTERS,
  ...RECORD_FILTERS,
  ...TABLE_FILTERS,
  ...VAULT_FILTERS,
  ...OLD_TESTS,
}
