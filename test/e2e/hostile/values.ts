/** What a shell would make where it stands, if a value were run. No slash: it would part a path. */
export const CANARY = 'canary'

const SIGNS = `a 'b' "c" $(touch ${CANARY}) \`touch ${CANARY}\` \\ ; touch ${CANARY} & | ( ) < > * ? [x] ~ # ! % $PWD \${x-y} ä€😀 \t.`
const LINES = `one\n'two' "\n touch ${CANARY}\n$(touch ${CANARY})\nEOF\n\\n.`
const DASH = `-rf --help 'x`
const ENDS = ` \n\t begins and ends with blanks \n\n`
const CONTROL = `\x01\x07\x08\x1b[31m\x7f\u0085\u2028\ufeff.`

/** Names of files, each at most 255 bytes. */
export const NAMES: Readonly<Record<string, string>> = {
  signs: SIGNS,
  lines: LINES,
  dash: DASH,
  ends: ENDS,
  control: CONTROL,
  long: `${`y'\\ `.repeat(63)}.`,
}

/** Texts; the longest has 100 KiB. */
export const TEXTS: Readonly<Record<string, string>> = {
  ...NAMES,
  long: `${`y'\\ `.repeat(25 * 1024 - 1)}end.`,
}

/** Whether a value fits into one line of a file. */
export const oneLine = (text: string): boolean => !/[\n\r]/.test(text)

/** Every byte. */
export const BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
