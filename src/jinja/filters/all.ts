import type { Filters } from '../python/callable.ts'
import { CHOICE_FILTERS } from './choices.ts'
import { DICT_FILTERS } from './dicts.ts'
import { LIST_FILTERS } from './lists.ts'
import { SET_FILTERS } from './sets.ts'
import { STRING_FILTERS } from './strings.ts'
import { VALUE_FILTERS } from './values.ts'

/** Every filter by its name. A new family is a new file and a line here. */
export const FILTERS: Filters = {
  ...VALUE_FILTERS,
  ...STRING_FILTERS,
  ...LIST_FILTERS,
  ...SET_FILTERS,
  ...DICT_FILTERS,
  ...CHOICE_FILTERS,
}
