/** How much one rendering may do; beyond, it fails with `template-limit` instead of hanging or filling the memory. */

/** Expressions evaluated, statements run, items passed. */
export const MOST_STEPS = 1_000_000
/** Characters of new text that count as a step: many long texts fill the memory as one does. */
export const STEP_OF_TEXT = 256
/** Items, characters and keys that are copied in one step. */
export const ITEMS_OF_STEP = 16
/** Expressions, statements and macros that stand in each other. */
export const DEEPEST_EVALUATION = 600
/** Characters of text, in the output and in any one string. */
export const LONGEST_TEXT = 16 * 1024 * 1024
