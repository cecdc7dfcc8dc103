import { at, entries, type Facts, type Option, textOf } from './container-option.ts'

/** `1m30s`, `500ms` or a number of seconds, in nanoseconds. */
export function nanoseconds(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 1e9
  const units: Readonly<Record<string, number>> = { h: 3.6e12, m: 6e10, s: 1e9, ms: 1e6, us: 1e3 }
  return [...text.matchAll(/([0-9.]+)(ms|us|h|m|s)/g)].reduce(
    (sum, [, number, unit = 's']) => sum + Number(number) * (units[unit] ?? 0),
    0,
  )
}

const TIMES = { interval: 'Interval', timeout: 'Timeout', start_period: 'StartPeriod' } as const

/** The command that says how the container is, and how often it is asked. */
export const health: Option = {
  words(given) {
    const { test, retries, ...times } = given as Facts
    const words = test === undefined ? [] : testOf(test)
    if (words[0] === 'NONE') return ['--no-healthcheck']
    const command = words[0] === 'CMD-SHELL' ? words.slice(1).join(' ') : words.slice(1).map(quoted).join(' ')
    return [
      ...(test === undefined ? [] : ['--health-cmd', command]),
      ...(retries === undefined ? [] : ['--health-retries', textOf(retries)]),
      ...Object.entries(times).flatMap(([name, time]) => [
        `--health-${name.replace('_', '-')}`,
        `${nanoseconds(textOf(time))}ns`,
      ]),
    ]
  },
  wants(given) {
    const { test, retries, ...times } = given as Facts
    const words = test === undefined ? [] : testOf(test)
    return [
      // The command line takes a shell's line only; a list becomes one.
      ...(test === undefined ? [] : [`Test=${JSON.stringify(said(words))}`]),
      ...(retries === undefined ? [] : [`Retries=${retries}`]),
      ...Object.entries(times).map(
        ([name, time]) => `${TIMES[name as keyof typeof TIMES]}=${nanoseconds(textOf(time))}`,
      ),
    ]
  },
  has(now) {
    const found = (at(now, ['Config', 'Healthcheck']) ?? {}) as Facts
    return entries('Test' in found ? { ...found, Test: said(found['Test']) } : found, '=')
  },
  many: true,
}

/** A test that Ansible has told the daemon by words is the same as the line that is made of them. */
const said = (test: unknown): unknown =>
  Array.isArray(test) && test[0] === 'CMD' ? ['CMD-SHELL', test.slice(1).map(textOf).map(quoted).join(' ')] : test

const quoted = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

const testOf = (test: unknown): string[] => {
  if (!Array.isArray(test)) return ['CMD-SHELL', textOf(test)]
  return /^(NONE|CMD|CMD-SHELL)$/.test(textOf(test[0])) ? test.map(textOf) : ['CMD', ...test.map(textOf)]
}
